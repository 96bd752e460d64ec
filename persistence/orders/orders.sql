-- name: find_order
SELECT dealer_id::text, product, status, coalesce(customer_email, ''), coalesce(customer_name, ''),
  coalesce(language, ''), coalesce(imei, ''), coalesce(eid, ''), coalesce(address::text, ''), quantity,
  unit_price_cents, (posting_id IS NULL)::int, mails_customer::int, (type = 'topup')::int,
  coalesce(product_name, product), coalesce(customer_reference, ''), coalesce(country, ''), short_id(number),
  placed_since(id, created_at, restored_at, known_until),
  coalesce((SELECT json_agg(json_build_object('unit', r.unit, 'product', r.product, 'is_open', r.is_open))
    FROM order_routes r WHERE r.order_id = orders.id)::text, ''), coalesce(trace_parent, '')
FROM orders CROSS JOIN service WHERE id = :id::uuid;

-- name: find_order_named
SELECT id::text FROM orders WHERE number = :number;

-- name: reserve_order_numbers
SELECT nextval('order_number_blocks') * 128;

-- name: list_orders
SELECT id::text, type, product, coalesce(customer_reference, ''), coalesce(customer_email, ''), coalesce(iccid, ''),
  unit_price_cents * quantity, status, (extract(epoch FROM created_at) * 1000000)::bigint
FROM orders WHERE dealer_id BETWEEN :dealer::uuid AND :dealer::uuid
ORDER BY orders.dealer_id DESC, orders.created_at DESC, orders.id DESC LIMIT :limit;

-- name: list_deliveries
SELECT unit, iccid, lpa, coalesce(bought_as, '') FROM order_esims WHERE order_id = :id::uuid ORDER BY unit;

-- A delivery looks for its eSIM in the stock, and an import looks for its eSIMs among the
-- deliveries. Each has to see what the other writes. So an import waits at its end for the
-- deliveries under way, and keeps new ones waiting until its commit (persistence/supply/stock.sql).
-- name: hold_imports_up
SELECT pg_advisory_xact_lock_shared(7205759405);

-- Only the holder of the order's job may write. An eSIM of the stock is not delivered for an order.
-- name: insert_delivery
WITH held AS (
  UPDATE jobs SET failing_since = NULL WHERE kind = 'fulfil' AND subject = :id::uuid AND attempts = :attempt
  RETURNING subject),
added AS (
  INSERT INTO order_esims (order_id, unit, iccid, lpa, provider_order_id, cost_cents, mail_id, bought_as)
  SELECT subject, :unit, :iccid, :lpa, nullif(:reference, ''), nullif(:cost, -1), nullif(:mail, '')::uuid, nullif(:bought, '')
  FROM held
  WHERE must_hold(NOT EXISTS (SELECT FROM inventory WHERE iccid_key(iccid) = iccid_key(:iccid::text)
    UNION ALL SELECT FROM inventory
      WHERE code_key(lpa) = code_key(:lpa::text) AND split_part(lpa, '$', 3) <> ''), 'order_esims_not_in_stock') IS NOT NULL
  RETURNING unit)
SELECT count(*) FROM added;

-- Commits of deliveries do not wait for a standby, so a server that was promoted meanwhile may lack
-- them. The order ends only where all of them are.
-- name: complete_order
WITH held AS (
  DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid AND attempts = :attempt AND EXISTS (
    SELECT FROM orders o WHERE o.id = subject
      AND o.quantity = (SELECT count(*) FROM order_esims e WHERE e.order_id = o.id))
  RETURNING subject),
ended AS (
  UPDATE orders o SET status = 'completed', completed_at = now(),
    iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id ORDER BY s.unit LIMIT 1)
  FROM held WHERE o.id = held.subject AND o.status = 'processing' RETURNING o.*)
SELECT count(*), coalesce(sum(CASE WHEN w.has_listeners THEN tell_of_order(e) ELSE 0 END), 0)::bigint
FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id;
