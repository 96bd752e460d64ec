-- Waits for whoever else tries the same account.
-- name: lock_guard
INSERT INTO sign_in_guards AS g (dealer_id) VALUES (:dealer::uuid)
ON CONFLICT (dealer_id) DO UPDATE SET wrong_codes = g.wrong_codes
RETURNING (g.codes_locked_until > now())::int, (g.passwords_paused_until > now())::int,
  has_signed_in(g.dealer_id, :address)::int;

-- name: take_code_mail
INSERT INTO sign_in_guards AS g (dealer_id, code_mails) VALUES (:dealer::uuid, ARRAY[now()])
ON CONFLICT (dealer_id) DO UPDATE
  SET code_mails = ARRAY(SELECT m FROM unnest(g.code_mails) AS m WHERE m > now() - interval '15 minutes') || now()
  WHERE (SELECT count(*) FROM unnest(g.code_mails) AS m WHERE m > now() - interval '15 minutes') < :most
RETURNING 1;

-- name: count_wrong_code
UPDATE sign_in_guards
SET wrong_codes = (wrong_codes + 1) % :most,
  codes_locked_until = CASE WHEN wrong_codes + 1 >= :most THEN now() + interval '15 minutes' ELSE codes_locked_until END
WHERE dealer_id = :dealer::uuid RETURNING (wrong_codes = 0)::int;

-- The pause is a minute after the first wrong passwords, doubles with each that follows, and is an
-- hour at most.
-- name: count_wrong_password
UPDATE sign_in_guards
SET wrong_passwords = wrong_passwords + 1,
  passwords_paused_until = CASE WHEN wrong_passwords + 1 >= :most
    THEN now() + least(interval '1 minute' * power(2, least(wrong_passwords + 1 - :most, 6)), interval '1 hour')
    ELSE passwords_paused_until END
WHERE dealer_id = :dealer::uuid RETURNING (wrong_passwords = :most)::int;

-- name: clear_wrong_codes
UPDATE sign_in_guards SET wrong_codes = 0, codes_locked_until = '-infinity' WHERE dealer_id = :dealer::uuid;

-- name: clear_wrong_passwords
UPDATE sign_in_guards SET wrong_passwords = 0, passwords_paused_until = '-infinity' WHERE dealer_id = :dealer::uuid;

-- A place that nobody has signed in from for so long counts no more (has_signed_in), and is forgotten.
-- name: note_place
WITH old AS (
  DELETE FROM sign_in_places WHERE dealer_id = :dealer::uuid AND place <> sign_in_place(:address)
    AND last_at < now() - interval '180 days')
INSERT INTO sign_in_places (dealer_id, place) SELECT :dealer::uuid, sign_in_place(:address) WHERE :address <> ''
ON CONFLICT (dealer_id, place) DO UPDATE SET last_at = now();
