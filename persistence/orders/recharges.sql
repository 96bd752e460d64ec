-- There is one already if the order is placed again.
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
WITH done AS (DELETE FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid),
noted AS (
  UPDATE recharges SET provider_reference = :reference WHERE order_id = :id::uuid AND provider_reference IS NULL),
ended AS (
  UPDATE orders SET status = 'completed', completed_at = now() WHERE id = :id::uuid AND status = 'pending'
  RETURNING orders.*)
SELECT tell_of_order(e) FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks;
