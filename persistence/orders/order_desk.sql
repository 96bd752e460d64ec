-- part: overview
SELECT o.id::text, d.email, o.type, o.product, o.quantity,
  (SELECT count(*) FROM order_esims e WHERE e.order_id = o.id), o.unit_price_cents * o.quantity, o.status,
  coalesce(o.failure, ''), coalesce(o.customer_reference, ''), coalesce(o.customer_email, ''),
  (extract(epoch FROM o.created_at) * 1000000)::bigint,
  coalesce((extract(epoch FROM o.completed_at) * 1000000)::bigint, 0), coalesce(j.attempts, 0),
  coalesce((extract(epoch FROM j.run_at) * 1000000)::bigint, 0),
  coalesce((extract(epoch FROM j.failing_since) * 1000000)::bigint, 0), coalesce(j.last_error, ''),
  coalesce(j.failing_since <= now() - :stuck * interval '1 second', false)::int
FROM orders o
JOIN dealers d ON d.id = o.dealer_id
LEFT JOIN jobs j ON j.kind = 'fulfil' AND j.subject = o.id

-- name: find_overview
-- use: overview
WHERE o.id = :id::uuid;

-- Those alone that are under way have a job.
-- name: list_stuck
-- use: overview
WHERE j.kind = 'fulfil' AND j.failing_since <= now() - :stuck * interval '1 second'
  AND (:status = '' OR o.status = :status) AND (:dealer = '' OR d.email = lower(:dealer))
  AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- name: list_overviews
-- use: overview
WHERE (:status = '' OR o.status = :status) AND (:dealer = '' OR d.email = lower(:dealer))
  AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- Whoever has it in hand loses it, and with it the right to renew its lease.
-- name: retry_order
UPDATE jobs SET run_at = least(run_at, now()), attempts = attempts + 1 WHERE kind = 'fulfil' AND subject = :id::uuid RETURNING 1;
