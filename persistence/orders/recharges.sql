-- The row is already there if the order is placed again.
-- name: insert_recharge
INSERT INTO recharges (order_id, contact_number, sim_serial, currency, value, bundle_code, bundle_value)
VALUES (:id::uuid, nullif(:number, ''), nullif(:serial, ''), :currency, :value, nullif(:code, ''), :extra)
ON CONFLICT (order_id) DO UPDATE
  SET currency = excluded.currency, value = excluded.value, bundle_value = excluded.bundle_value;

-- name: find_recharge
SELECT o.product, coalesce(r.contact_number, ''), coalesce(r.sim_serial, ''), r.currency, r.value,
  coalesce(r.bundle_code, ''), r.bundle_value
FROM recharges r JOIN orders o ON o.id = r.order_id WHERE r.order_id = :id::uuid;

-- name: finish_recharge
WITH held AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid AND attempts = :attempt RETURNING subject),
noted AS (
  UPDATE recharges SET provider_reference = :reference, cost_cents = nullif(:cost, -1), delivered_at = now()
  FROM held WHERE order_id = held.subject),
ended AS (
  UPDATE orders SET status = 'completed', completed_at = now() FROM held WHERE id = held.subject AND status = 'pending'
  RETURNING orders.*)
SELECT count(*), coalesce(sum(CASE WHEN w.has_listeners THEN tell_of_order(e) ELSE 0 END), 0)::bigint
FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id;
