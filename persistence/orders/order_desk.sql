-- part: overview
SELECT o.id::text, short_id(o.number), d.email, o.type, o.product, o.quantity,
  (SELECT count(*) FROM order_esims e WHERE e.order_id = o.id)
    + (SELECT count(*) FROM recharges r WHERE r.order_id = o.id AND r.delivered_at IS NOT NULL), o.unit_price_cents * o.quantity, o.status,
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

-- Only orders that are under way have a job.
-- name: list_stuck
-- use: overview
WHERE j.kind = 'fulfil' AND j.failing_since <= now() - :stuck * interval '1 second'
  AND (:status = '' OR o.status = :status) AND (:dealer = '' OR d.email = lower(:dealer))
  AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- Few orders have failed or were revoked: they have indexes of their own.
-- name: list_failed
-- use: overview
WHERE o.failure IS NOT NULL AND o.status = 'failed' AND (:dealer = '' OR d.email = lower(:dealer))
  AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- name: list_revoked
-- use: overview
WHERE o.id IN (SELECT e.order_id FROM order_esims e WHERE e.revoked_at IS NOT NULL) AND o.status = 'revoked'
  AND (:dealer = '' OR d.email = lower(:dealer)) AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- An order that is under way has a job.
-- name: list_open
-- use: overview
WHERE j.kind = 'fulfil' AND o.status = :status AND (:dealer = '' OR d.email = lower(:dealer))
  AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- By anything that a customer can quote. Each part finds its rows by an index.
-- name: find_quoted
-- use: overview
WHERE o.id IN (
  SELECT id FROM orders WHERE id = :id::uuid
  UNION SELECT id FROM orders WHERE number = :number
  UNION SELECT id FROM orders WHERE customer_reference = :quoted
  UNION SELECT id FROM orders WHERE lower(customer_email) = lower(:quoted)
  UNION SELECT order_id FROM order_esims WHERE iccid_key(iccid) = iccid_key(regexp_replace(:quoted, '[ -]', '', 'g'))
  UNION SELECT order_id FROM order_esims WHERE code_key(lpa) = code_key(:quoted) AND split_part(lpa, '$', 3) <> ''
    AND strpos(:quoted, '$') > 0
  UNION SELECT order_id FROM order_esims WHERE provider_order_id = :quoted
  UNION SELECT order_id FROM recharges WHERE sim_serial = :quoted
  UNION SELECT order_id FROM recharges WHERE contact_number = :quoted)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- name: list_overviews
-- use: overview
WHERE (:status = '' OR o.status = :status) AND (:dealer = '' OR d.email = lower(:dealer))
  AND o.created_at >= to_timestamp(:since::double precision)
ORDER BY o.created_at DESC, o.id DESC LIMIT :limit;

-- The worker that has the job in hand loses it, and the right to renew its lease.
-- name: retry_order
UPDATE jobs SET run_at = least(run_at, now()), attempts = attempts + 1 WHERE kind = 'fulfil' AND subject = :id::uuid
RETURNING coalesce((SELECT o.dealer_id::text FROM orders o WHERE o.id = subject), '');
