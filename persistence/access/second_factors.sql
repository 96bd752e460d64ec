-- name: find_second_factor
SELECT coalesce(totp_secret, ''), (totp_confirmed_at IS NOT NULL)::int, totp_step FROM dealers
WHERE id = :dealer::uuid FOR UPDATE;

-- name: keep_second_factor
UPDATE dealers SET totp_secret = :secret, totp_confirmed_at = NULL, totp_step = 0 WHERE id = :dealer::uuid;

-- name: confirm_second_factor
UPDATE dealers SET totp_confirmed_at = now() WHERE id = :dealer::uuid;

-- name: note_step
UPDATE dealers SET totp_step = :step WHERE id = :dealer::uuid;

-- name: drop_second_factor
UPDATE dealers SET totp_secret = NULL, totp_confirmed_at = NULL WHERE id = :dealer::uuid;

-- name: insert_recovery_codes
INSERT INTO recovery_codes (hash, dealer_id) SELECT h, :dealer::uuid FROM unnest(:hashes::bytea[]) AS h;

-- name: drop_recovery_codes
DELETE FROM recovery_codes WHERE dealer_id = :dealer::uuid;

-- name: spend_recovery_code
DELETE FROM recovery_codes WHERE dealer_id = :dealer::uuid AND hash = decode(:hash, 'hex') RETURNING 1;
