-- The newest delivery of its pool tells what a SKU costs us.
-- name: list_skus
SELECT s.id::text, s.service, s.name, s.carrier, s.plan_type, s.price_cents, coalesce((SELECT i.cost_cents FROM inventory i
  WHERE i.carrier = s.carrier AND i.plan_type = s.plan_type ORDER BY i.id DESC LIMIT 1), -1)
FROM skus s ORDER BY s.service, s.name;

-- name: find_sku
SELECT service, name, carrier, plan_type FROM skus WHERE id = :id::uuid;

-- The rules that hold, or will. A rule that was replaced is still read for an hour, so that a node
-- whose clock is behind has what it needs.
-- name: list_price_rules
SELECT r.id::text, r.number, coalesce(r.dealer_id::text, ''), r.country, r.product, coalesce(r.price_cents, 0),
  coalesce(r.markup_basis_points, 0), to_micros(r.starts_at), r.below_cost::int
FROM price_rules r
WHERE r.ended_at IS NULL AND NOT EXISTS (SELECT FROM price_rules n
  WHERE n.scope = r.scope AND (n.starts_at, n.number) > (r.starts_at, r.number)
    AND n.starts_at < now() - interval '1 hour' AND n.ended_at IS NULL);

-- The last rules of each scope. The first of them holds.
-- name: find_price_rules
SELECT r.id::text, r.number, coalesce(r.dealer_id::text, ''), r.country, r.product, coalesce(r.price_cents, 0),
  coalesce(r.markup_basis_points, 0), to_micros(r.starts_at), r.below_cost::int
FROM (
  SELECT *, row_number() OVER (PARTITION BY scope ORDER BY starts_at DESC, number DESC) AS place
  FROM price_rules
  WHERE scope IN (
      price_scope(NULL, '', ''), price_scope(NULL, :country, ''), price_scope(NULL, '', :product),
      price_scope(nullif(:dealer, '')::uuid, '', ''), price_scope(nullif(:dealer, '')::uuid, :country, ''),
      price_scope(nullif(:dealer, '')::uuid, '', :product))
    AND starts_at <= from_micros(:at) AND (ended_at IS NULL OR ended_at > from_micros(:at))) AS r
WHERE r.place <= 20 ORDER BY r.starts_at DESC, r.number DESC;

-- name: find_payer
SELECT id::text, markup_basis_points FROM dealers WHERE email = lower(:email);

-- name: browse_price_rules
SELECT l.number, l.id::text, l.line FROM price_rule_lines l
WHERE l.number < :at AND (:dealer = '' OR l.dealer_id = (SELECT id FROM dealers WHERE email = lower(:dealer)))
  AND (:country = '' OR l.country = :country) AND (:product = '' OR l.product = :product)
  AND (:past = 'true' OR l.state IN ('active', 'scheduled'))
ORDER BY l.number DESC LIMIT :limit;

-- Changes take turns, so that each sees what the one before has set. No other lock has this number.
-- name: lock_price_rules
SELECT to_micros(clock_timestamp()) FROM (SELECT pg_advisory_xact_lock(7205759404)) AS locked;

-- The rule that holds for a scope at a time.
-- name: find_held_price_rule
SELECT l.id::text, coalesce(r.price_cents, 0), coalesce(r.markup_basis_points, 0), to_micros(r.starts_at), r.below_cost::int, l.line
FROM price_rules r JOIN price_rule_lines l ON l.id = r.id
WHERE r.scope = price_scope(nullif(:dealer, '')::uuid, :country, :product) AND r.ended_at IS NULL
  AND r.starts_at <= from_micros(:at)
ORDER BY r.starts_at DESC, r.number DESC LIMIT 1;

-- name: insert_price_rule
INSERT INTO price_rules (id, dealer_id, country, product, price_cents, markup_basis_points, below_cost, starts_at, created_by)
VALUES (:id::uuid, nullif(:dealer, '')::uuid, :country, :product, nullif(:price::bigint, 0),
  CASE WHEN :price::bigint = 0 THEN :markup::integer END, :below::integer = 1, from_micros(:at), :actor);

-- name: find_price_rule_line
SELECT line, state, subject, coalesce(dealer_id::text, '') FROM price_rule_lines WHERE id = :id::uuid;

-- name: end_price_rules
UPDATE price_rules r SET ended_at = clock_timestamp()
FROM price_rules one
WHERE one.id = :id::uuid AND r.ended_at IS NULL AND r.scope = one.scope
  AND (r.id = one.id OR (one.starts_at <= clock_timestamp() AND (r.starts_at, r.number) < (one.starts_at, one.number)));

-- From which providers products are bought that several sell, and whose orders are held.
-- name: list_routes
SELECT 'route', product, other, '' FROM bundle_routes
UNION ALL SELECT 'pin', product, provider, coalesce(dealer_id::text, '') FROM route_pins
UNION ALL SELECT 'hold', lane, '', '' FROM job_holds WHERE kind = 'fulfil' AND lane <> ''
ORDER BY 1, 2, 3;
