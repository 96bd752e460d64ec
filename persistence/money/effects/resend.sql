-- name: recall_resend
SELECT recipient, coalesce(order_id::text, '') FROM mails WHERE id = :id::uuid;
