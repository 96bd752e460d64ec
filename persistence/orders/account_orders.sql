-- An order that may be repeated is placed once more.
-- name: place_account_order
WITH placed AS (
  INSERT INTO orders (id, dealer_id, type, product, customer_reference, customer_email, mails_customer, quantity,
    unit_price_cents, iccid, status, request_hash, product_name, country, request_id, trace_parent, created_at)
  VALUES (:id::uuid, :dealer::uuid, :type, :product, nullif(:reference, ''), nullif(:email, ''), :mails = 1, 1,
    :price, nullif(:iccid, ''), 'pending', :hash, nullif(:name, ''), nullif(:country, ''), nullif(:request, ''),
    nullif(:trace, ''), now())
  ON CONFLICT (id) DO UPDATE SET status = 'pending', failure = NULL, completed_at = NULL, may_be_repeated = false,
    unit_price_cents = excluded.unit_price_cents, product_name = excluded.product_name, country = excluded.country,
    request_id = excluded.request_id, trace_parent = excluded.trace_parent, created_at = now()
  WHERE orders.may_be_repeated AND orders.request_hash = excluded.request_hash
  RETURNING id, unit_price_cents),
-- Other orders of the dealer wait here for this commit, so that all of them together stay within
-- the limit.
charged AS (
  INSERT INTO credit_accounts AS c (dealer_id, used_cents) SELECT :dealer::uuid, unit_price_cents FROM placed
  ON CONFLICT (dealer_id) DO UPDATE SET used_cents = c.used_cents + excluded.used_cents
    WHERE c.limit_cents IS NULL OR c.used_cents + excluded.used_cents <= c.limit_cents
  RETURNING dealer_id),
-- All requests of a dealer share one set of keys, so the key stands among those of postings.
keyed AS (
  INSERT INTO postings (id, dealer_id, kind, code, last_seq, idempotency_key, request_hash, created_at)
  SELECT id, :dealer::uuid, 'account_order', 0, 0, :key, CASE WHEN :key <> '' THEN decode(:hash, 'hex') END, now()
  FROM placed WHERE :key <> ''
  ON CONFLICT (id) DO NOTHING),
routed AS (
  INSERT INTO order_routes (order_id, unit, product) SELECT id, 1, :route FROM placed WHERE :route <> ''
  ON CONFLICT (order_id, unit) DO UPDATE SET product = excluded.product, is_open = true, asked_at = now()),
job AS (
  INSERT INTO jobs (kind, subject, lane, run_at)
  SELECT 'fulfil', id, :lane, now() + :lease * interval '1 second' FROM placed)
SELECT count(*) FROM placed
WHERE must_hold(NOT is_held('fulfil', :lane), 'job_holds_none') IS NOT NULL
  AND must_hold(EXISTS (SELECT FROM charged), 'credit_accounts_within_limit') IS NOT NULL;

-- name: find_placement
SELECT coalesce(o.request_hash, ''), o.status, coalesce(o.failure, ''), coalesce(e.iccid, ''), coalesce(e.lpa, ''),
  coalesce(r.provider_reference, ''), o.unit_price_cents, coalesce(r.currency, ''), coalesce(r.bundle_value, 0),
  coalesce(r.contact_number, ''), short_id(o.number),
  placed_since(o.id, o.created_at, s.restored_at, s.known_until)
FROM orders o
CROSS JOIN service s
LEFT JOIN order_esims e ON e.order_id = o.id AND e.unit = 1
LEFT JOIN recharges r ON r.order_id = o.id
WHERE o.id = :id::uuid AND NOT o.may_be_repeated;

-- name: finish_account_order
WITH held AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid AND attempts = :attempt RETURNING subject),
ended AS (
  UPDATE orders SET status = 'completed', completed_at = now(), iccid = :iccid
  FROM held WHERE id = held.subject AND status = 'pending' RETURNING orders.*)
SELECT count(*), coalesce(sum(CASE WHEN w.has_listeners THEN tell_of_order(e) ELSE 0 END), 0)::bigint
FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id;

-- Without an Idempotency-Key there is no hash, and nobody can repeat the order.
-- name: fail_account_order
WITH held AS (
  DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid AND (attempts = :attempt OR :attempt = -1)
  RETURNING subject),
ended AS (
  UPDATE orders SET status = 'failed', failure = :reason, completed_at = now(),
    may_be_repeated = :repeat = 1 AND coalesce(request_hash, '') <> ''
  FROM held WHERE id = held.subject AND status = 'pending' RETURNING orders.*),
given_back AS (
  UPDATE credit_accounts c SET used_cents = c.used_cents - e.unit_price_cents FROM ended e WHERE c.dealer_id = e.dealer_id)
SELECT count(*),
  coalesce(sum(CASE WHEN w.has_listeners AND NOT e.may_be_repeated THEN tell_of_order(e) ELSE 0 END), 0)::bigint,
  coalesce(min(e.dealer_id::text), '')
FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id;

-- name: find_esim_of_dealer
SELECT o.id::text, e.iccid, coalesce(e.bought_as, o.product), e.lpa FROM order_esims e JOIN orders o ON o.id = e.order_id
WHERE iccid_key(e.iccid) = iccid_key(:iccid::text) AND o.dealer_id = :dealer::uuid;

-- The order is revoked with its last eSIM.
-- name: revoke_esim
WITH gone AS (
  UPDATE order_esims SET revoked_at = coalesce(revoked_at, now()) WHERE iccid = :iccid RETURNING order_id, unit)
UPDATE orders o SET status = 'revoked', revoked_at = now() FROM gone
WHERE o.id = gone.order_id AND o.status = 'completed' AND NOT EXISTS (
  SELECT FROM order_esims e WHERE e.order_id = o.id AND e.unit <> gone.unit AND e.revoked_at IS NULL);
