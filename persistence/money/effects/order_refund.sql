-- name: lock_jobs
SELECT j.subject FROM jobs j JOIN unnest($1::refunded_order[]) AS r
  ON j.kind = 'fulfil' AND j.subject = r.id AND (r.attempt = -1 OR j.attempts = r.attempt)
ORDER BY j.subject FOR UPDATE OF j;

-- Only an order that is under way can be given back, and only the units that were not delivered.
-- name: find_refundable
SELECT o.id FROM orders o JOIN unnest($1::refunded_order[]) AS r ON o.id = r.id
WHERE o.status = 'processing'
  AND r.units = o.quantity - (SELECT count(*) FROM order_esims e WHERE e.order_id = o.id);

-- name: end_orders
WITH ended AS (
  UPDATE orders o SET status = CASE WHEN r.failed THEN 'failed' ELSE 'completed' END, failure = r.reason,
    completed_at = now(),
    iccid = (SELECT s.iccid FROM order_esims s WHERE s.order_id = o.id ORDER BY s.unit LIMIT 1)
  FROM unnest($1::ended_order[]) AS r WHERE o.id = r.id RETURNING o.*),
job AS (DELETE FROM jobs j USING ended WHERE j.kind = 'fulfil' AND j.subject = ended.id)
SELECT tell_of_order(e) FROM ended e JOIN wallets w ON w.dealer_id = e.dealer_id WHERE w.has_listeners;
