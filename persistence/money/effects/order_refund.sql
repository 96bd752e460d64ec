-- Only one that is still under way can be given back.
-- name: lock_orders
SELECT id FROM orders WHERE id = ANY ($1::uuid[]) AND status = 'processing' FOR UPDATE;

-- name: end_orders
WITH ended AS (
  UPDATE orders o SET status = CASE WHEN r.failed THEN 'failed' ELSE 'completed' END, failure = r.reason,
    completed_at = now(),
    iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id ORDER BY s.unit LIMIT 1)
  FROM unnest($1::ended_order[]) AS r WHERE o.id = r.id RETURNING o.*),
job AS (DELETE FROM jobs j USING ended WHERE j.kind = 'fulfil' AND j.subject = ended.id)
SELECT tell_of_order(e) FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_webhooks;
