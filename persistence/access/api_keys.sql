-- name: find_key_owner
SELECT dealer_id::text FROM api_keys WHERE hash = decode(:hash, 'hex');

-- name: find_key_origin
SELECT origin FROM api_keys WHERE hash = decode(:hash, 'hex');

-- Two keys that are issued at once must not leave one key too many.
-- name: lock_key_owner
SELECT 1 FROM dealers WHERE id = :dealer::uuid FOR UPDATE;

-- name: insert_key
INSERT INTO api_keys (hash, dealer_id, prefix, label, scopes, expires_at, networks, origin)
VALUES (decode(:hash, 'hex'), :dealer::uuid, :prefix, :label, :scopes,
  CASE WHEN :expires::bigint > 0 THEN to_timestamp(:expires::bigint / 1000000.0) END, :networks::text[], :origin);

-- Keys that were used within 30 days are kept first, then those that were used, or issued, most
-- recently.
-- name: displace_keys
DELETE FROM api_keys WHERE hash IN (
  SELECT hash FROM api_keys WHERE dealer_id = :dealer::uuid AND hash <> decode(:hash, 'hex')
  ORDER BY coalesce(last_used_at > now() - interval '30 days', false) DESC,
    coalesce(last_used_at, created_at) DESC
  OFFSET :most)
RETURNING prefix;

-- name: list_keys
SELECT prefix, (extract(epoch FROM created_at) * 1000000)::bigint,
  coalesce((extract(epoch FROM last_used_at) * 1000000)::bigint, 0), label, scopes,
  coalesce((extract(epoch FROM expires_at) * 1000000)::bigint, 0), array_to_string(networks, ' ')
FROM api_keys WHERE dealer_id = :dealer::uuid ORDER BY created_at;

-- name: delete_key
WITH gone AS (
  DELETE FROM api_keys WHERE dealer_id = :dealer::uuid AND prefix = :prefix RETURNING prefix)
SELECT coalesce(min(prefix), '') FROM gone;

-- name: note_key_use
UPDATE api_keys SET last_used_at = now() WHERE hash = ANY (:hashes::bytea[]);
