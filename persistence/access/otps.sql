-- name: replace_code
INSERT INTO otps (dealer_id, code_hash, expires_at)
VALUES (:dealer::uuid, decode(:hash, 'hex'), now() + interval '5 minutes')
ON CONFLICT (dealer_id) DO UPDATE
  SET code_hash = excluded.code_hash, expires_at = excluded.expires_at, attempts = 0;

-- The row's lock makes tries that come at once count one after the other.
-- name: count_code_try
UPDATE otps SET attempts = attempts + 1 WHERE dealer_id = :dealer::uuid AND expires_at > now() AND attempts < 5
RETURNING (code_hash = decode(:hash, 'hex'))::int;

-- name: delete_code
DELETE FROM otps WHERE dealer_id = :dealer::uuid;
