-- name: list_sellable
SELECT id::text, iccid, lpa, place FROM stock
WHERE carrier = :carrier AND plan_type = :plan AND id >= :from::uuid AND NOT is_burned AND withdrawn_at IS NULL
  AND NOT is_sold AND NOT is_quarantined AND id <> ALL (:except::uuid[])
ORDER BY stock.id LIMIT :limit;

-- name: count_stock
SELECT count(*) FILTER (WHERE NOT is_burned AND NOT is_sold AND withdrawn_at IS NULL AND NOT is_quarantined),
  count(*) FILTER (WHERE NOT is_burned AND is_sold),
  count(*) FILTER (WHERE is_burned)
FROM stock WHERE carrier = :carrier AND plan_type = :plan;

-- Steps through the index from one pool to the next. A DISTINCT would read every row.
-- name: list_pools
WITH RECURSIVE pools AS (
  (SELECT carrier, plan_type FROM inventory ORDER BY carrier, plan_type LIMIT 1)
  UNION ALL
  SELECT n.carrier, n.plan_type FROM pools p CROSS JOIN LATERAL (
    SELECT i.carrier, i.plan_type FROM inventory i WHERE (i.carrier, i.plan_type) > (p.carrier, p.plan_type)
    ORDER BY i.carrier, i.plan_type LIMIT 1) n)
SELECT carrier, plan_type, stock_threshold(carrier, plan_type) FROM pools;

-- What a dealer bought, and what it was given as replacements. A purchase that got anything got at
-- least one eSIM.
-- name: list_esims
SELECT i.id::text, i.iccid, i.lpa, i.carrier, i.plan_type, CASE WHEN i.is_burned THEN 'burned' ELSE 'sold' END,
  (extract(epoch FROM u.created_at) * 1000000)::bigint, u.id, coalesce(i.confirmation_code, '')
FROM (
  SELECT u.id, u.created_at, u.inventory_id, u.place FROM (
    SELECT n.id, n.created_at, r.id AS inventory_id, r.place FROM (
      SELECT id, created_at, inventory_ids FROM usages WHERE dealer_id = :dealer::uuid AND cardinality(inventory_ids) > 0
      ORDER BY created_at DESC, id DESC LIMIT :limit::bigint + :offset::bigint) AS n
    CROSS JOIN LATERAL unnest(n.inventory_ids) WITH ORDINALITY AS r(id, place)
    UNION ALL
    SELECT c.usage_id, c.decided_at, c.replacement_id, 0 FROM replacement_checks c
    WHERE c.dealer_id = :dealer::uuid AND c.replacement_id IS NOT NULL) AS u
  ORDER BY u.created_at DESC, u.id DESC, u.place LIMIT :limit::bigint OFFSET :offset::bigint) AS u
JOIN inventory i ON i.id = u.inventory_id
ORDER BY u.created_at DESC, u.id DESC, u.place;

-- name: count_esims
SELECT
  (SELECT coalesce(sum(cardinality(inventory_ids)), 0) FROM usages WHERE dealer_id = :dealer::uuid)::bigint
  + (SELECT count(*) FROM replacement_checks WHERE dealer_id = :dealer::uuid AND replacement_id IS NOT NULL);

-- A sale that found nothing has one row, without an eSIM.
-- name: find_sale
SELECT u.quantity, u.unit_price_cents, (extract(epoch FROM u.created_at) * 1000000)::bigint,
  coalesce(e.carrier, k.carrier), coalesce(e.plan_type, k.plan_type), coalesce(e.id::text, ''), coalesce(e.iccid, ''),
  coalesce(e.lpa, '')
FROM usages u
JOIN skus k ON k.id = u.sku_id
LEFT JOIN LATERAL (
  SELECT r.number, i.id, i.carrier, i.plan_type, i.iccid, i.lpa
  FROM unnest(u.inventory_ids) WITH ORDINALITY AS r(id, number) JOIN inventory i ON i.id = r.id) AS e ON true
WHERE u.id = :usage ORDER BY e.number;

-- Imports take turns, so that two with the same eSIMs in another order never wait for one another in a circle.
-- name: wait_for_imports
SELECT pg_advisory_xact_lock(7205759406);

-- Lasts until the commit (persistence/orders/orders.sql).
-- name: keep_deliveries_out
SELECT pg_advisory_xact_lock(7205759405);

-- Whether the stock has an eSIM that was delivered since shortly before the transaction began.
-- Older deliveries could be seen before: none takes ten minutes.
-- name: find_delivered_meanwhile
SELECT (EXISTS (SELECT FROM order_esims e CROSS JOIN LATERAL (
    SELECT FROM inventory WHERE iccid_key(iccid) = iccid_key(e.iccid)
    UNION ALL SELECT FROM inventory WHERE code_key(lpa) = code_key(e.lpa) AND split_part(lpa, '$', 3) <> ''
    LIMIT 1) AS i
  WHERE e.delivered_at >= now() - interval '10 minutes'))::int;

-- An eSIM that is already in stock, in any spelling, is left out, and so is one that a provider has
-- delivered. Returns the numbers of the lines that were left out.
-- name: insert_stock
WITH given AS (
  SELECT * FROM unnest(:ids::uuid[], :numbers::bigint[], :iccids::text[], :lpas::text[], :secrets::text[])
    AS n(id, number, iccid, lpa, confirmation_code)),
fresh AS (
  INSERT INTO inventory (id, carrier, plan_type, iccid, lpa, confirmation_code, lot, cost_cents)
  SELECT n.id, :carrier, :plan, n.iccid, n.lpa, n.confirmation_code, nullif(:lot, ''), nullif(:cost::bigint, -1) FROM given n
  WHERE NOT EXISTS (SELECT FROM order_esims e WHERE iccid_key(e.iccid) = iccid_key(n.iccid))
    AND NOT EXISTS (
      SELECT FROM order_esims e WHERE code_key(e.lpa) = code_key(n.lpa) AND split_part(e.lpa, '$', 3) <> '')
  ON CONFLICT DO NOTHING RETURNING id)
SELECT n.number FROM given n WHERE NOT EXISTS (SELECT FROM fresh f WHERE f.id = n.id);

-- For each line that was left out: who has the eSIM.
-- name: explain_duplicates
SELECT n.number, CASE
  WHEN i.id IS NULL THEN 'this eSIM was delivered to an order'
  WHEN iccid_key(i.iccid) <> iccid_key(n.iccid) THEN 'lpa is in stock already, as iccid ' || i.iccid
  ELSE 'iccid is in stock already' END
FROM unnest(:numbers::bigint[], :iccids::text[], :lpas::text[]) AS n(number, iccid, lpa)
LEFT JOIN LATERAL (
  SELECT s.id, s.iccid FROM inventory s WHERE iccid_key(s.iccid) = iccid_key(n.iccid)
  UNION ALL
  SELECT s.id, s.iccid FROM inventory s
  WHERE code_key(s.lpa) = code_key(n.lpa) AND split_part(s.lpa, '$', 3) <> '' LIMIT 1) AS i ON true
ORDER BY n.number;

-- name: find_selected
SELECT coalesce(array_agg(id)::text, '{}') FROM inventory
WHERE lot = nullif(:lot, '') OR iccid_key(iccid) IN (SELECT iccid_key(n) FROM unnest(:iccids::text[]) AS n);

-- name: withdraw_stock
SELECT withdraw(:ids::uuid[], :reason);

-- name: is_stock_held
SELECT is_held('sale', '')::int;

-- name: list_pools_of
SELECT DISTINCT carrier, plan_type FROM inventory WHERE id = ANY (:ids::uuid[]);

-- name: list_sold_of
SELECT i.iccid, i.carrier, i.plan_type, coalesce(d.email, ''), u.usage_id, (extract(epoch FROM u.sold_at) * 1000000)::bigint,
  i.is_burned::int
FROM (
  SELECT r.id, dealer_id, usages.id AS usage_id, created_at AS sold_at
  FROM usages CROSS JOIN LATERAL unnest(inventory_ids) AS r(id)
  UNION ALL
  SELECT replacement_id, dealer_id, usage_id, decided_at FROM replacement_checks WHERE replacement_id IS NOT NULL) AS u
JOIN inventory i ON i.id = u.id
LEFT JOIN dealers d ON d.id = u.dealer_id
WHERE i.id = ANY (:ids::uuid[])
ORDER BY u.sold_at, i.iccid;

-- name: list_lots
SELECT coalesce(lot, ''), carrier, plan_type, coalesce(cost_cents, -1), count(*),
  count(*) FILTER (WHERE NOT is_burned AND NOT is_sold AND withdrawn_at IS NULL AND NOT is_quarantined),
  count(*) FILTER (WHERE NOT is_burned AND is_sold), count(*) FILTER (WHERE is_burned), count(withdrawn_at),
  count(*) FILTER (WHERE NOT is_burned AND NOT is_sold AND withdrawn_at IS NULL AND is_quarantined),
  coalesce(string_agg(DISTINCT withdrawn_for, '; '), ''), to_micros(min(imported_at)),
  coalesce(to_micros(min(imported_at) FILTER (
    WHERE NOT is_burned AND NOT is_sold AND withdrawn_at IS NULL AND NOT is_quarantined)), 0)
FROM stock GROUP BY lot, carrier, plan_type, cost_cents ORDER BY min(place);

-- name: reserve_usages
SELECT nextval('usage_numbers');

-- What a dealer has bought from stock, in the form in which the purchase was answered.
-- name: browse_purchases
SELECT u.id, '', json_build_object(
  'usage_id', u.id, 'vendor_order_ref', 'INV-' || u.id, 'service', k.service, 'sku_id', k.id, 'sku', k.name,
  'carrier', k.carrier, 'plan_type', k.plan_type,
  'quantity_ordered', u.quantity, 'quantity_filled', cardinality(u.inventory_ids),
  'unit_price_usd', dollars(u.unit_price_cents), 'cost_usd', dollars(u.unit_price_cents * cardinality(u.inventory_ids)),
  'status', CASE WHEN cardinality(u.inventory_ids) = 0 THEN 'refunded' ELSE 'succeeded' END,
  'created_at', rfc3339(u.created_at))::text
FROM usages u JOIN skus k ON k.id = u.sku_id
WHERE (u.dealer_id, u.id) < (:dealer::uuid, :at::bigint) AND u.dealer_id >= :dealer::uuid
ORDER BY u.dealer_id DESC, u.id DESC LIMIT :limit;
