-- A try that comes too early does not count, and returns no row.
-- name: begin_sign_in
WITH forgotten AS (DELETE FROM operator_tries WHERE last_at < now() - interval '1 day' AND email <> :email)
INSERT INTO operator_tries AS t (email, tries, last_at) VALUES (:email, 1, now())
ON CONFLICT (email) DO UPDATE SET last_at = now(),
  tries = CASE WHEN t.last_at < now() - interval '1 hour' THEN 1 ELSE t.tries + 1 END
WHERE t.last_at + sign_in_pause(t.tries) <= now()
RETURNING tries;

-- name: seconds_to_next_try
SELECT greatest(1, ceil(extract(epoch FROM last_at + sign_in_pause(tries) - now())))::integer
FROM operator_tries WHERE email = :email;

-- name: find_operator_account
SELECT role, password_hash, coalesce(totp_secret, '')
FROM operators WHERE email = :email AND disabled_at IS NULL;

-- A code is good once. No session begins if the account was closed or its password was changed
-- meanwhile.
-- name: begin_operator_session
WITH good AS (
  UPDATE operators SET totp_step = greatest(totp_step, :step)
  WHERE email = :email AND disabled_at IS NULL AND password_hash = :password
    AND (totp_secret IS NULL OR totp_step < :step)
  RETURNING email),
done AS (DELETE FROM operator_tries t USING good WHERE t.email = good.email),
old AS (DELETE FROM operator_sessions s USING good WHERE s.operator = good.email AND s.expires_at < now())
INSERT INTO operator_sessions (token_hash, operator, expires_at)
SELECT decode(:hash, 'hex'), email, now() + :seconds * interval '1 second' FROM good
RETURNING (extract(epoch FROM expires_at) * 1000000)::bigint;

-- Finds a session, or a script's token, which is no session. Sessions end when codes begin or cease
-- to be asked for, so each was begun by the rule that holds now.
-- name: find_operator_session
SELECT o.email, o.role, (o.totp_secret IS NOT NULL)::int, 1 FROM operator_sessions s JOIN operators o ON o.email = s.operator
WHERE s.token_hash = decode(:hash, 'hex') AND s.expires_at > now() AND o.disabled_at IS NULL
UNION ALL
SELECT 'token:' || t.name, t.role, 0, 0 FROM operator_tokens t
WHERE t.token_hash = decode(:hash, 'hex') AND t.expires_at > now() AND t.disabled_at IS NULL;

-- Ends one session, or all of an account. Returns how many good sessions have ended.
-- name: end_operator_sessions
WITH ended AS (
  DELETE FROM operator_sessions WHERE operator = :email
    AND CASE WHEN token_hash = decode(:hash, 'hex') THEN :own = 1 ELSE :others = 1 END
  RETURNING expires_at)
SELECT count(*)::int FROM ended WHERE expires_at > now();

-- name: insert_operator
INSERT INTO operators (email, role, password_hash) VALUES (:email, :role, :password) ON CONFLICT DO NOTHING
RETURNING json_build_object('email', email, 'role', role, 'totp', false, 'createdAt', rfc3339(created_at),
  'disabledAt', NULL)::text;

-- name: set_operator_password
WITH ended AS (DELETE FROM operator_sessions WHERE operator = :email)
UPDATE operators SET password_hash = :password WHERE email = :email RETURNING 1;

-- By its owner, whose session stays. Nothing is changed if what was compared is no longer so.
-- name: change_operator_password
WITH good AS (
  UPDATE operators SET password_hash = :password, totp_step = greatest(totp_step, :step)
  WHERE email = :email AND disabled_at IS NULL AND password_hash = :former
    AND (totp_secret IS NULL OR totp_step < :step)
  RETURNING email),
done AS (DELETE FROM operator_tries t USING good WHERE t.email = good.email),
ended AS (
  DELETE FROM operator_sessions s USING good WHERE s.operator = good.email AND s.token_hash <> decode(:hash, 'hex'))
SELECT 1 FROM good;

-- name: set_operator_totp
WITH ended AS (DELETE FROM operator_sessions WHERE operator = :email)
UPDATE operators SET totp_secret = nullif(:secret, ''), totp_step = 0 WHERE email = :email RETURNING 1;

-- The keeper of the stock is mailed once when a pool runs out, and again only if it has had enough
-- in between. A number that goes up and down about the threshold is told once in a quarter of an
-- hour.
-- name: note_stock
WITH pool AS (SELECT :carrier AS carrier, :plan AS plan_type, :available::bigint AS available,
  stock_threshold(:carrier, :plan) AS threshold),
filled AS (
  DELETE FROM stock_warnings w USING pool p
  WHERE w.carrier = p.carrier AND w.plan_type = p.plan_type AND p.available >= p.threshold
    AND (p.available >= 2 * p.threshold OR w.told_at < now() - interval '15 minutes')),
low AS (
  INSERT INTO stock_warnings (carrier, plan_type) SELECT carrier, plan_type FROM pool WHERE available < threshold
  ON CONFLICT DO NOTHING RETURNING carrier, plan_type),
told AS (
  INSERT INTO mails (id, recipient, kind, content)
  SELECT gen_random_uuid(), o.email, 'low-stock', jsonb_build_object('pool', p.carrier || '.' || p.plan_type,
    'available', p.available, 'threshold', p.threshold)
  FROM low CROSS JOIN pool p CROSS JOIN operators o WHERE o.role = 'admin' AND o.disabled_at IS NULL
  RETURNING id)
INSERT INTO jobs (kind, subject) SELECT 'mail', id FROM told;
