-- The mails' jobs are inserted by another statement.
-- name: insert_mails
INSERT INTO mails {columns} FROM unnest($1::mail_row[]);

-- name: find_mail
SELECT recipient, kind, language, coalesce(content::text, '{}'), coalesce(content->>'dealer', '') FROM mails
WHERE id = :id::uuid AND status = 'queued';

-- name: finish_mail
WITH ended AS (
  UPDATE mails SET status = CASE WHEN :failure = '' THEN 'sent' ELSE 'failed' END, failure = nullif(:failure, ''),
    content = CASE WHEN :failure <> '' AND kind <> 'one-time-code' THEN content END, sent_at = now()
  WHERE id = :id::uuid AND status = 'queued')
DELETE FROM jobs WHERE kind = 'mail' AND subject = :id::uuid;
