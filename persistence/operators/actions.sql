-- Each statement returns the name of what was changed, the id of the dealer that it concerns or an
-- empty text, and the state before and after as JSON. It returns no row if there is nothing to
-- change.

-- name: desk_add_sku
INSERT INTO skus (id, service, name, carrier, plan_type, price_cents)
VALUES (:id::uuid, :service, :name, :carrier, :plan_type, :price_cents::bigint)
RETURNING id::text, '', 'null', json_build_object('id', id, 'service', service, 'name', name, 'carrier', carrier,
  'plan_type', plan_type, 'price_usd', dollars(price_cents))::text;

-- Fields that are not named stay as they are. If the address changes, the owner hears of it at both
-- addresses, and a code that was mailed to the old one opens nothing any more.
-- name: desk_change_dealer
WITH before AS (
  SELECT d.*, (SELECT limit_cents FROM credit_accounts c WHERE c.dealer_id = d.id) AS credit_limit
  FROM dealers d WHERE d.email = lower(:dealer) FOR NO KEY UPDATE),
after AS (
  UPDATE dealers d SET email = coalesce(nullif(lower(:email), ''), d.email),
    company = coalesce(nullif(:company, ''), d.company),
    markup_basis_points = coalesce(nullif(:markup, '')::integer, d.markup_basis_points),
    resend_fee_cents = coalesce(nullif(:resend_fee, '')::bigint, d.resend_fee_cents),
    portal = coalesce(nullif(:portal, '')::boolean, d.portal)
  FROM before b WHERE d.id = b.id RETURNING d.*),
credit AS (
  INSERT INTO credit_accounts (dealer_id, limit_cents)
  SELECT id, nullif(nullif(:credit_limit, 'none'), '')::bigint FROM before WHERE :credit_limit <> ''
  ON CONFLICT (dealer_id) DO UPDATE SET limit_cents = excluded.limit_cents RETURNING dealer_id, limit_cents),
moved AS (SELECT a.id, b.email AS former, a.email AS address FROM before b JOIN after a ON a.id = b.id WHERE a.email <> b.email),
void AS (DELETE FROM otps o USING moved m WHERE o.dealer_id = m.id),
told AS (
  INSERT INTO mails (id, recipient, kind, language, content)
  SELECT gen_random_uuid(), r.email, 'account-notice', coalesce(n.language, 'en'),
    jsonb_build_object('what', 'email_changed', 'detail', '')
  FROM moved m CROSS JOIN LATERAL unnest(ARRAY[m.former, m.address]) AS r (email)
  LEFT JOIN dealer_notices n ON n.dealer_id = m.id RETURNING id),
jobs_of_mails AS (INSERT INTO jobs (kind, subject) SELECT 'mail', id FROM told)
SELECT b.email, b.id::text,
  json_build_object('email', b.email, 'company', b.company, 'markup_pct', b.markup_basis_points / 100.0,
    'resend_fee', dollars(b.resend_fee_cents), 'portal', b.portal, 'credit_limit', dollars(b.credit_limit))::text,
  json_build_object('email', a.email, 'company', a.company, 'markup_pct', a.markup_basis_points / 100.0,
    'resend_fee', dollars(a.resend_fee_cents), 'portal', a.portal,
    'credit_limit', dollars(CASE WHEN c.dealer_id IS NULL THEN b.credit_limit ELSE c.limit_cents END))::text
FROM before b JOIN after a ON a.id = b.id LEFT JOIN credit c ON c.dealer_id = b.id;

-- The last way in stays open.
-- name: desk_disable_operator
WITH ended AS (DELETE FROM operator_sessions WHERE operator = lower(:operator))
UPDATE operators SET disabled_at = now() WHERE email = lower(:operator) AND disabled_at IS NULL
  AND must_hold(NOT is_last_way_in(email), 'operators_last_way_in') IS NOT NULL
RETURNING email, '', json_build_object('role', role)::text,
  json_build_object('email', email, 'role', role, 'disabledAt', rfc3339(disabled_at))::text;

-- This opens a closed account again, without a session.
-- name: desk_set_operator_role
WITH before AS (
  SELECT * FROM operators WHERE email = lower(:operator)
    AND must_hold(:role = 'admin' OR NOT is_last_way_in(email), 'operators_last_way_in') IS NOT NULL FOR UPDATE),
after AS (
  UPDATE operators o SET role = :role, disabled_at = NULL FROM before b WHERE o.email = b.email RETURNING o.*)
SELECT a.email, '', json_build_object('role', b.role, 'disabledAt', rfc3339(b.disabled_at))::text,
  json_build_object('email', a.email, 'role', a.role, 'disabledAt', NULL)::text
FROM before b JOIN after a ON a.email = b.email;

-- The name of a token that has ended is free again.
-- name: desk_add_token
INSERT INTO operator_tokens AS t (name, role, token_hash, created_by, expires_at)
VALUES (:name, :role, decode(:hash, 'hex'), :author, from_micros(:expires::bigint))
ON CONFLICT (name) DO UPDATE SET role = excluded.role, token_hash = excluded.token_hash, created_by = excluded.created_by,
  created_at = now(), expires_at = excluded.expires_at, disabled_at = NULL
WHERE t.expires_at <= now() OR t.disabled_at IS NOT NULL AND t.token_hash IS NOT NULL
RETURNING name, '', 'null', json_build_object('name', name, 'role', role, 'createdBy', created_by,
  'createdAt', rfc3339(created_at), 'expiresAt', rfc3339(expires_at), 'disabledAt', NULL)::text;

-- The last way in stays open.
-- name: desk_disable_token
UPDATE operator_tokens SET disabled_at = now()
WHERE name = :token AND disabled_at IS NULL
  AND (token_hash IS NOT NULL OR EXISTS (SELECT FROM operators o WHERE o.role = 'admin' AND o.disabled_at IS NULL))
RETURNING name, '', json_build_object('role', role, 'disabledAt', NULL)::text,
  json_build_object('name', name, 'role', role, 'disabledAt', rfc3339(disabled_at))::text;

-- name: desk_enable_token
WITH before AS (SELECT name, disabled_at FROM operator_tokens WHERE name = :token AND disabled_at IS NOT NULL FOR UPDATE)
UPDATE operator_tokens t SET disabled_at = NULL FROM before b WHERE t.name = b.name
RETURNING t.name, '', json_build_object('role', t.role, 'disabledAt', rfc3339(b.disabled_at))::text,
  json_build_object('name', t.name, 'role', t.role, 'disabledAt', NULL)::text;

-- name: desk_set_stock_threshold
WITH before AS (SELECT stock_threshold(:carrier, :plan) AS threshold),
kept AS (
  INSERT INTO stock_thresholds (carrier, plan_type, threshold)
  SELECT carrier, plan_type, :threshold::integer FROM inventory WHERE carrier = :carrier AND plan_type = :plan LIMIT 1
  ON CONFLICT (carrier, plan_type) DO UPDATE SET threshold = excluded.threshold
  RETURNING carrier || '.' || plan_type AS pool, threshold)
SELECT k.pool, '', json_build_object('threshold', b.threshold)::text,
  json_build_object('pool', k.pool, 'threshold', k.threshold)::text
FROM kept k CROSS JOIN before b;

-- name: desk_note_order
WITH noted AS (
  INSERT INTO order_notes (id, order_id, author, note)
  SELECT :id::uuid, o.id, :author, :reason FROM orders o WHERE o.id = :order::uuid RETURNING order_id, note)
SELECT n.order_id::text, o.dealer_id::text, 'null', json_build_object('note', n.note)::text
FROM noted n JOIN orders o ON o.id = n.order_id;

-- A mail that holds a code cannot be sent again, and neither can one that has gone out. A mail to a
-- customer is recorded with its dealer, and without the address: what is recorded stays when the
-- customer is erased.
-- name: desk_resend_mail
WITH again AS (
  UPDATE mails SET status = 'queued', failure = NULL, sent_at = NULL
  WHERE id = :mail::uuid AND status = 'failed' AND content IS NOT NULL RETURNING *),
job AS (INSERT INTO jobs (kind, subject) SELECT 'mail', id FROM again)
SELECT id::text, coalesce(content ->> 'dealer', (
    SELECT d.id::text FROM dealers d WHERE d.email = lower(recipient)), ''),
  json_build_object('status', 'failed')::text,
  json_build_object('id', id, 'status', status)::text
FROM again;

-- A message that is still being sent is only sent sooner. A message of a disabled webhook is not
-- sent.
-- name: desk_replay_webhook
WITH before AS (
  SELECT m.id, h.dealer_id, m.last_error, m.arrived_at IS NOT NULL AS has_arrived, m.failed_at IS NOT NULL AS has_failed
  FROM webhook_messages m JOIN webhooks h ON h.id = m.webhook_id
  WHERE m.id = :delivery::uuid AND m.body <> '{}' AND h.disabled_at IS NULL FOR UPDATE OF m),
again AS (
  UPDATE webhook_messages m SET queued_at = clock_timestamp(), arrived_at = NULL, failed_at = NULL
  FROM before b WHERE m.id = b.id RETURNING m.id, m.event),
job AS (
  INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM again
  ON CONFLICT (kind, subject) DO UPDATE SET run_at = least(jobs.run_at, now()))
SELECT a.id::text, b.dealer_id::text,
  json_build_object('status', CASE WHEN b.has_arrived THEN 'delivered' WHEN b.has_failed THEN 'failed' ELSE 'pending' END,
    'failure', b.last_error)::text,
  json_build_object('id', a.id, 'event', a.event, 'status', 'pending')::text
FROM before b JOIN again a ON a.id = b.id;

-- Orders without a prefix are the first provider's.
-- name: desk_hold_provider
WITH before AS (SELECT reason FROM job_holds WHERE kind = 'fulfil' AND lane = :prefix),
held AS (
  INSERT INTO job_holds (kind, lane, reason)
  SELECT 'fulfil', l, :reason FROM unnest(CASE WHEN :prefix = :first THEN ARRAY[:prefix, ''] ELSE ARRAY[:prefix] END) AS l
  ON CONFLICT (kind, lane) DO UPDATE SET reason = excluded.reason)
SELECT :prefix, '', json_build_object('held', (SELECT reason FROM before))::text,
  json_build_object('prefix', :prefix::text, 'held', :reason::text)::text;

-- name: desk_release_provider
WITH gone AS (
  DELETE FROM job_holds WHERE kind = 'fulfil' AND lane IN (:prefix, CASE WHEN :prefix = :first THEN '' ELSE :prefix END)
  RETURNING lane, reason)
SELECT lane, '', json_build_object('held', reason)::text, json_build_object('prefix', lane, 'held', NULL)::text
FROM gone WHERE lane = :prefix;

-- name: desk_release_all
DELETE FROM job_holds WHERE kind = '*' AND lane = '*'
RETURNING 'all', '', json_build_object('held', reason)::text, json_build_object('held', NULL)::text;

-- name: desk_add_route
WITH before AS (SELECT FROM bundle_routes WHERE product = :product AND other = :other),
added AS (
  INSERT INTO bundle_routes (product, other) VALUES (:product, :other) ON CONFLICT DO NOTHING RETURNING product)
SELECT :product, '', json_build_object('product', :product::text, 'other', CASE WHEN EXISTS (SELECT FROM before) THEN :other::text END)::text,
  json_build_object('product', :product::text, 'other', :other::text)::text;

-- name: desk_remove_route
DELETE FROM bundle_routes WHERE product = :product AND other = :other
RETURNING product, '', json_build_object('product', product, 'other', other)::text,
  json_build_object('product', product, 'other', NULL)::text;

-- Without a provider the pin is removed.
-- name: desk_pin_route
WITH scope AS (
  SELECT d.id AS dealer_id FROM (SELECT) AS one LEFT JOIN dealers d ON d.email = lower(:dealer)
  WHERE :dealer = '' OR d.id IS NOT NULL),
before AS (
  SELECT p.provider FROM route_pins p JOIN scope s ON p.dealer_id IS NOT DISTINCT FROM s.dealer_id
  WHERE p.product = :product),
gone AS (
  DELETE FROM route_pins p USING scope s
  WHERE :provider = '' AND p.product = :product AND p.dealer_id IS NOT DISTINCT FROM s.dealer_id),
kept AS (
  INSERT INTO route_pins (dealer_id, product, provider) SELECT dealer_id, :product, :provider FROM scope WHERE :provider <> ''
  ON CONFLICT (dealer_id, product) DO UPDATE SET provider = excluded.provider)
SELECT coalesce(nullif(:product, ''), lower(:dealer)), coalesce(s.dealer_id::text, ''),
  json_build_object('provider', (SELECT provider FROM before))::text,
  json_build_object('product', nullif(:product, ''), 'dealer', nullif(lower(:dealer), ''),
    'provider', nullif(:provider, ''))::text
FROM scope s;
