-- name: recall_resend
SELECT recipient FROM mails WHERE id = :id::uuid;
