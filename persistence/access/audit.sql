-- name: insert_audit_events
INSERT INTO audit_events {columns} FROM unnest($1::audit_row[]);

-- name: list_audit_events
SELECT id, (extract(epoch FROM at) * 1000000)::bigint, actor, address, request_id, kind, subject,
  coalesce(before::text, ''), coalesce(after::text, '')
FROM all_audit_events
WHERE (:actor = '' OR actor = :actor) AND (:subject = '' OR subject = :subject OR dealer_id = (SELECT d.id FROM dealers d WHERE d.email = :subject))
  AND at >= to_timestamp(:since::double precision) AND (:before::bigint = 0 OR id < :before::bigint)
ORDER BY id DESC LIMIT :limit;
