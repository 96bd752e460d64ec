-- Each statement returns one text of JSON, or no row if it is about one thing that does not exist.

-- Everything that belongs to an order except the activation codes, which are worth its price. An
-- order from the wallet has its movements of money under its own id.
-- name: desk_order
SELECT json_build_object(
  'esims', coalesce((
    SELECT json_agg(json_build_object('unit', e.unit, 'iccid', e.iccid, 'boughtAs', e.bought_as,
      'providerOrderId', e.provider_order_id, 'costUsd', dollars(e.cost_cents), 'deliveredAt', rfc3339(e.delivered_at),
      'revokedAt', rfc3339(e.revoked_at)) ORDER BY e.unit)
    FROM order_esims e WHERE e.order_id = o.id), '[]'),
  'mails', coalesce((
    SELECT json_agg(json_build_object('id', m.id, 'recipient', m.recipient, 'kind', m.kind, 'status', m.status,
      'failure', m.failure, 'createdAt', rfc3339(m.created_at), 'sentAt', rfc3339(m.sent_at)) ORDER BY m.created_at)
    FROM mails m WHERE m.id IN (
      SELECT e.mail_id FROM order_esims e WHERE e.order_id = o.id
      UNION ALL SELECT a.id FROM mails a WHERE a.order_id = o.id)), '[]'),
  'timeline', (
    SELECT json_agg(json_build_object('at', rfc3339(h.at), 'what', h.what, 'detail', h.detail, 'requestId', h.request_id)
      ORDER BY h.at, h.place)
    FROM (
      SELECT o.created_at AS at, 1 AS place, 'placed' AS what, o.quantity || ' x ' || o.product AS detail, o.request_id
      UNION ALL SELECT t.created_at, 2, t.type,
        to_char(dollars(CASE WHEN t.debit_account = 'wallet' THEN -t.amount_cents ELSE t.amount_cents END),
          'FMS999999990.00') || ' ' || t.description, NULL
      FROM all_transfers t WHERE t.order_id = o.id
      UNION ALL SELECT y.at, 3, 'provider asked', 'try ' || y.attempt || ': ' || y.words, NULL
      FROM order_tries y WHERE y.order_id = o.id
      UNION ALL SELECT e.delivered_at, 3, 'bought', e.iccid || coalesce(' (' || e.provider_order_id || ')', ''), NULL
      FROM order_esims e WHERE e.order_id = o.id
      UNION ALL SELECT r.delivered_at, 3, 'bought',
        coalesce(r.sim_serial, r.contact_number) || coalesce(' (' || r.provider_reference || ')', ''), NULL
      FROM recharges r WHERE r.order_id = o.id AND r.delivered_at IS NOT NULL
      UNION ALL SELECT e.revoked_at, 3, 'revoked', e.iccid, NULL FROM order_esims e
      WHERE e.order_id = o.id AND e.revoked_at IS NOT NULL
      UNION ALL SELECT m.sent_at, 4, CASE m.status WHEN 'sent' THEN 'mailed' ELSE 'mail refused' END,
        m.recipient || coalesce(': ' || m.failure, ''), NULL
      FROM order_esims e JOIN mails m ON m.id = e.mail_id WHERE e.order_id = o.id AND m.sent_at IS NOT NULL
      UNION ALL SELECT n.created_at, 5, 'note', n.author || ': ' || n.note, NULL FROM order_notes n WHERE n.order_id = o.id
      UNION ALL SELECT a.created_at, 5, 'sent again', a.recipient, NULL FROM mails a WHERE a.order_id = o.id
      UNION ALL SELECT v.at, 5, v.kind, v.actor || coalesce(': ' || (v.after ->> 'reason'), ''), v.request_id
      FROM all_audit_events v WHERE v.subject = o.id::text AND v.kind <> 'order.noted'
      UNION ALL SELECT coalesce(w.tried_at, w.created_at), 6, 'webhook ' || w.event, CASE
          WHEN w.arrived_at IS NOT NULL THEN 'delivered' WHEN w.failed_at IS NOT NULL THEN 'failed' ELSE 'pending' END
        || coalesce(', status ' || w.http_status, '') || ', ' || coalesce(h.url, 'a webhook that is gone')
        || coalesce(': ' || w.last_error, ''), NULL
      FROM webhook_messages w LEFT JOIN webhooks h ON h.id = w.webhook_id WHERE w.order_id = o.id
      UNION ALL SELECT j.failing_since, 6, 'failing since', coalesce(j.last_error, ''), NULL FROM jobs j
      WHERE j.kind = 'fulfil' AND j.subject = o.id AND j.failing_since IS NOT NULL
      UNION ALL SELECT o.completed_at, 7, o.status, coalesce(o.failure, ''), NULL WHERE o.completed_at IS NOT NULL) AS h)
)::text
FROM orders o WHERE o.id = :order::uuid;

-- name: desk_jobs
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT kind, subject AS id, lane, rfc3339(run_at) AS "dueAt", attempts, rfc3339(failing_since) AS "failingSince",
    last_error AS "lastWords"
  FROM jobs
  WHERE (:failed <> 'true' OR failing_since IS NOT NULL) AND (:kind = '' OR kind = :kind)
  ORDER BY failing_since, run_at LIMIT :limit::integer) AS r;

-- name: desk_mails
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT id, recipient, kind, status, failure, rfc3339(created_at) AS "createdAt", rfc3339(sent_at) AS "sentAt",
    content IS NOT NULL AS "canBeSent"
  FROM mails ORDER BY created_at DESC LIMIT :limit::integer) AS r;

-- name: desk_failed_mails
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT id, recipient, kind, status, failure, rfc3339(created_at) AS "createdAt", rfc3339(sent_at) AS "sentAt",
    content IS NOT NULL AS "canBeSent"
  FROM mails WHERE failure IS NOT NULL ORDER BY created_at DESC LIMIT :limit::integer) AS r;

-- name: desk_batches
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT b.id, d.email AS dealer, b.label, b.source, b.total_rows AS rows,
    n.done, b.error AS errors, b.refunded_rows AS refunded,
    dollars(b.unit_price_cents * b.total_rows) AS "totalUsd", CASE
      WHEN b.completed_at IS NOT NULL THEN 0
      WHEN n.done > 0 THEN (extract(epoch FROM clock_timestamp() - b.created_at) / n.done * (b.total_rows - n.done))::bigint + 1
      END AS "etaSeconds",
    rfc3339(b.created_at) AS "createdAt", rfc3339(b.completed_at) AS "completedAt"
  FROM batches b JOIN dealers d ON d.id = b.dealer_id
  CROSS JOIN LATERAL (SELECT b.available + b.used + b.invalid + b.error + b.unknown AS done) AS n
  WHERE (:running <> 'true' OR b.completed_at IS NULL) AND (:dealer = '' OR d.email = lower(:dealer))
  ORDER BY b.created_at DESC LIMIT :limit::integer) AS r;

-- name: desk_batch
SELECT json_build_object('id', b.id, 'dealer', d.email, 'rows', b.total_rows, 'cancelled', b.cancelled_rows,
  'refunded', b.refunded_rows, 'refundedUsd', dollars(b.unit_price_cents * b.refunded_rows),
  'completedAt', rfc3339(b.completed_at))::text
FROM batches b JOIN dealers d ON d.id = b.dealer_id WHERE b.id = :batch::uuid;

-- part: webhook_messages
  SELECT m.id, d.email AS dealer, h.url, m.event, CASE
    WHEN m.arrived_at IS NOT NULL THEN 'delivered' WHEN m.failed_at IS NOT NULL THEN 'failed' ELSE 'pending' END AS status,
    m.attempts, m.http_status AS "httpStatus", m.last_error AS failure, rfc3339(m.created_at) AS "createdAt",
    rfc3339(m.tried_at) AS "lastTryAt", rfc3339(h.disabled_at) AS "disabledAt"
  FROM webhook_messages m JOIN webhooks h ON h.id = m.webhook_id JOIN dealers d ON d.id = h.dealer_id
  WHERE (:dealer = '' OR d.email = lower(:dealer))

-- name: desk_webhook_messages
SELECT coalesce(json_agg(r), '[]')::text FROM (
-- use: webhook_messages
  ORDER BY m.created_at DESC LIMIT :limit::integer) AS r;

-- Messages that were given up, and messages that the next try may still deliver.
-- name: desk_failed_webhook_messages
SELECT coalesce(json_agg(r), '[]')::text FROM (
-- use: webhook_messages
  AND m.id IN (
    SELECT f.id FROM webhook_messages f WHERE f.failed_at IS NOT NULL
    UNION ALL SELECT j.subject FROM jobs j WHERE j.kind = 'webhook' AND j.last_error IS NOT NULL)
  ORDER BY m.created_at DESC LIMIT :limit::integer) AS r;

-- The work that waits for each provider. The lane is the provider's prefix; work without one is the
-- first provider's. `:live` has what this node knows of each provider, by its prefix.
-- name: desk_providers
WITH lanes AS (
  SELECT lane, count(*) AS waiting, count(failing_since) AS failing, min(failing_since) AS failing_since,
    (array_agg(last_error ORDER BY run_at DESC) FILTER (WHERE last_error IS NOT NULL))[1] AS last_words
  FROM jobs WHERE kind = 'fulfil' GROUP BY lane)
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT w.prefix, i.now -> 'format' AS format, i.now -> 'capabilities' AS capabilities, i.now -> 'circuit' AS circuit,
    i.now -> 'accountRefused' AS "accountRefused", i.now -> 'balanceUsd' AS "balanceUsd",
    i.now -> 'balanceAt' AS "balanceAt", i.now -> 'lowBalanceUsd' AS "lowBalanceUsd", i.now -> 'catalogueAt' AS "catalogueAt",
    i.now -> 'notSold' AS "notSold", i.now -> 'calls' AS calls, w.waiting, w.failing, rfc3339(w.failing_since) AS "failingSince",
    w.last_words AS "lastWords", w.held, rfc3339(w.held_at) AS "heldSince"
  FROM (
    SELECT coalesce(nullif(l.lane, ''), split_part(:prefixes, ',', 1)) AS prefix,
      coalesce(sum(j.waiting), 0) AS waiting, coalesce(sum(j.failing), 0) AS failing, min(j.failing_since) AS failing_since,
      max(j.last_words) AS last_words, max(h.reason) AS held, max(h.held_at) AS held_at
    FROM (SELECT lane FROM lanes UNION SELECT lane FROM job_holds WHERE kind = 'fulfil'
      UNION SELECT unnest(string_to_array(:prefixes, ','))) AS l
    LEFT JOIN lanes j ON j.lane = l.lane
    CROSS JOIN LATERAL (
      SELECT max(reason) AS reason, max(held_at) AS held_at FROM job_holds
      WHERE kind IN ('*', 'fulfil') AND lane IN ('*', l.lane)) AS h
    GROUP BY 1) AS w
  LEFT JOIN LATERAL (SELECT nullif(:live, '')::json -> w.prefix AS now) AS i ON true
  ORDER BY w.prefix) AS r;

-- What operators have said about products that several providers sell.
-- name: desk_routes
SELECT json_build_object(
  'routes', (SELECT coalesce(json_agg(r), '[]') FROM (
    SELECT product, other, rfc3339(created_at) AS "createdAt" FROM bundle_routes
    WHERE :product = '' OR product = :product ORDER BY product, other) AS r),
  'pins', (SELECT coalesce(json_agg(r), '[]') FROM (
    SELECT nullif(p.product, '') AS product, d.email AS dealer, p.provider, rfc3339(p.created_at) AS "createdAt"
    FROM route_pins p LEFT JOIN dealers d ON d.id = p.dealer_id
    WHERE :product = '' OR p.product IN ('', :product) ORDER BY p.product, d.email) AS r))::text;

-- Deliveries to the provider's customers: the units of orders, and top-ups of SIMs.
-- name: desk_provider_orders
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT u.order_id || '-' || u.unit AS reference, u.provider_order_id AS "providerOrderId",
    coalesce(u.bought_as, o.product) AS product, u.iccid,
    u.contact_number AS "contactNumber", dollars(u.cost_cents) AS "costUsd", rfc3339(u.delivered_at) AS "deliveredAt"
  FROM (
    SELECT order_id, unit, provider_order_id, iccid, NULL AS contact_number, cost_cents, delivered_at, bought_as
    FROM order_esims
    UNION ALL
    SELECT order_id, 1, provider_reference, sim_serial, contact_number, cost_cents, delivered_at, NULL FROM recharges) AS u
  JOIN orders o ON o.id = u.order_id
  WHERE u.delivered_at >= :from::date AND u.delivered_at < :to::date + 1
    AND (CASE WHEN strpos(coalesce(u.bought_as, o.product), ':') > 0 THEN split_part(coalesce(u.bought_as, o.product), ':', 1) ELSE '' END
      IN (:prefix, CASE WHEN :prefix = :first THEN '' ELSE :prefix END))
  ORDER BY u.delivered_at, u.order_id, u.unit) AS r;

-- What was given back does not count as sold. If the cost of a unit is not known, its margin is not
-- known either. A column is null if the lines are not grouped by it. The country is also null for
-- what is for a whole region.
-- name: desk_sales
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT CASE WHEN :by IN ('', 'dealer') THEN d.email END AS dealer, CASE WHEN :by IN ('', 'product') THEN o.product END AS product,
    CASE WHEN :by = 'country' THEN o.country END AS country, count(DISTINCT o.id) AS orders, count(*) AS units,
    dollars(sum(o.unit_price_cents)::bigint) AS "revenueUsd", dollars(sum(u.cost_cents)::bigint) AS "costUsd",
    dollars(sum(o.unit_price_cents - u.cost_cents)::bigint) AS "marginUsd",
    count(*) FILTER (WHERE u.cost_cents IS NULL) AS "unitsWithoutCost"
  FROM (
    SELECT order_id, cost_cents, delivered_at FROM order_esims
    UNION ALL
    SELECT order_id, cost_cents, delivered_at FROM recharges) AS u
  JOIN orders o ON o.id = u.order_id JOIN dealers d ON d.id = o.dealer_id
  WHERE u.delivered_at >= :from::date AND u.delivered_at < :to::date + 1
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3) AS r;

-- name: desk_operators
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT email, role, totp_secret IS NOT NULL AS totp, rfc3339(created_at) AS "createdAt",
    rfc3339(disabled_at) AS "disabledAt"
  FROM operators ORDER BY email) AS r;

-- Whether a pool is low, and what it can sell.
-- name: desk_pools
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT p.carrier || '.' || p.plan_type AS pool, p.available, t.threshold, p.available < t.threshold AS low
  FROM (
    SELECT carrier, plan_type,
      count(*) FILTER (WHERE NOT is_burned AND NOT is_sold AND withdrawn_at IS NULL AND NOT is_quarantined) AS available
    FROM stock GROUP BY carrier, plan_type) AS p
  CROSS JOIN LATERAL (SELECT stock_threshold(p.carrier, p.plan_type) AS threshold) AS t
  ORDER BY p.carrier, p.plan_type) AS r;

-- name: desk_tokens
SELECT coalesce(json_agg(r), '[]')::text FROM (
  SELECT name, role, created_by AS "createdBy", rfc3339(created_at) AS "createdAt", rfc3339(expires_at) AS "expiresAt",
    rfc3339(disabled_at) AS "disabledAt"
  FROM operator_tokens ORDER BY name) AS r;

-- name: desk_restored
SELECT json_build_object(
  'held', is_held('*', '*'),
  'lastOrderAt', rfc3339((SELECT max(created_at) FROM orders)),
  'lastPaymentAt', rfc3339((SELECT max(created_at) FROM stripe_payments)),
  'lastMailAt', rfc3339((SELECT max(created_at) FROM mails)),
  'lastSaleAt', rfc3339((SELECT created_at FROM usages ORDER BY id DESC LIMIT 1)),
  'lastImport', (SELECT lot FROM inventory ORDER BY id DESC LIMIT 1),
  'knownUntil', (SELECT rfc3339(known_until) FROM service),
  'restoredAt', (SELECT rfc3339(restored_at) FROM service),
  'quarantined', (SELECT count(*) FROM stock_quarantine),
  'unmatchedEvents', (SELECT count(*) FROM stripe_unmatched WHERE settled_at IS NULL),
  'waiting', (SELECT coalesce(json_object_agg(kind, number), '{}')
    FROM (SELECT kind, count(*) AS number FROM jobs GROUP BY kind) AS j))::text;

-- By their numbers, because a restored database may lack the eSIMs.
-- name: desk_sold_of_late
SELECT json_build_object('since', rfc3339(now() - interval '31 days'), 'iccids', (
  SELECT coalesce(json_agg(i.iccid ORDER BY i.id), '[]') FROM inventory i WHERE i.id IN (
    SELECT unnest(inventory_ids) FROM usages WHERE created_at >= now() - interval '31 days'
    UNION ALL
    SELECT replacement_id FROM replacement_checks
    WHERE replacement_id IS NOT NULL AND decided_at >= now() - interval '31 days')))::text;

-- name: desk_quarantine
SELECT coalesce(json_agg(q ORDER BY q.pool, q.place, q.iccid), '[]')::text FROM (
  SELECT q.iccid, i.carrier || '.' || i.plan_type AS pool, i.lot, i.place, CASE WHEN q.is_told THEN 'sold' ELSE 'next' END AS why,
    rfc3339(q.since) AS since
  FROM stock_quarantine q LEFT JOIN inventory i ON iccid_key(i.iccid) = iccid_key(q.iccid)
  ORDER BY i.carrier, i.plan_type, i.place, q.iccid LIMIT :limit::int) AS q;
