-- name: find_order
SELECT dealer_id::text, product, status, coalesce(customer_email, ''), coalesce(customer_name, ''),
  coalesce(language, ''), coalesce(imei, ''), coalesce(eid, ''), coalesce(address::text, ''), quantity,
  unit_price_cents, (posting_id IS NULL)::int, mails_customer::int, (type = 'topup')::int,
  coalesce(product_name, product)
FROM orders WHERE id = :id::uuid;

-- name: list_orders
SELECT id::text, type, product, coalesce(customer_reference, ''), coalesce(customer_email, ''), coalesce(iccid, ''),
  unit_price_cents * quantity, status, (extract(epoch FROM created_at) * 1000000)::bigint
FROM orders WHERE dealer_id = :dealer::uuid
ORDER BY orders.created_at DESC, orders.id DESC LIMIT :limit;

-- name: list_deliveries
SELECT unit, iccid, lpa, (mailed_at IS NOT NULL)::int FROM order_esims WHERE order_id = :id::uuid ORDER BY unit;

-- name: insert_delivery
INSERT INTO order_esims (order_id, unit, iccid, lpa) VALUES (:id::uuid, :unit, :iccid, :lpa)
ON CONFLICT (order_id, unit) DO NOTHING;

-- name: mark_mailed
UPDATE order_esims SET mailed_at = now() WHERE order_id = :id::uuid AND unit = :unit;

-- name: complete_order
WITH ended AS (
  UPDATE orders o SET status = 'completed', completed_at = now(),
    iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id ORDER BY s.unit LIMIT 1)
  WHERE o.id = :id::uuid AND o.status = 'processing' RETURNING o.*),
mailed AS (UPDATE order_esims SET mailed_at = now() WHERE order_id = :id::uuid AND mailed_at IS NULL),
job AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid)
SELECT tell_of_order(e) FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks;
