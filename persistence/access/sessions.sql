-- name: insert_session
INSERT INTO sessions (id, dealer_id, audience, address, token_epoch, expires_at)
VALUES (:id::uuid, :dealer::uuid, :audience, :address, :epoch, to_timestamp(:expires::bigint / 1000000.0));

-- name: drop_old_sessions
DELETE FROM sessions WHERE dealer_id = :dealer::uuid AND expires_at < now();

-- name: list_open_sessions
SELECT s.id::text, s.audience, s.address, (extract(epoch FROM s.created_at) * 1000000)::bigint,
  (extract(epoch FROM s.expires_at) * 1000000)::bigint
FROM sessions s JOIN dealers d ON d.id = s.dealer_id
WHERE s.dealer_id = :dealer::uuid AND s.ended_at IS NULL AND s.expires_at > now() AND s.token_epoch = d.token_epoch
ORDER BY s.created_at DESC, s.id;

-- name: find_factor_state
SELECT (totp_confirmed_at IS NOT NULL)::int FROM dealers WHERE id = :dealer::uuid;

-- name: end_session
UPDATE sessions SET ended_at = now()
WHERE id = :id::uuid AND dealer_id = :dealer::uuid AND ended_at IS NULL AND expires_at > now()
RETURNING 1;
