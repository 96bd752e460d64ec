-- Orders as their dealers see them, in JSON.

-- part: listed_orders
SELECT to_micros(o.created_at), o.id::text, json_build_object(
  'id', o.id, 'shortId', short_id(o.number), 'type', o.type, 'status', o.status,
  'paidFrom', CASE WHEN o.posting_id IS NULL THEN 'account' ELSE 'wallet' END,
  'productId', o.product, 'productName', coalesce(o.product_name, o.product), 'quantity', o.quantity,
  'unitPriceUsd', dollars(o.unit_price_cents), 'totalUsd', dollars(o.unit_price_cents * o.quantity),
  'customerReference', o.customer_reference, 'customerEmail', o.customer_email, 'iccid', o.iccid, 'failure', o.failure,
  'createdAt', rfc3339(o.created_at), 'completedAt', rfc3339(o.completed_at))::text
FROM orders o

-- Each statement below asks for one thing that an index finds; here is the rest.
-- part: filtered
  AND (:status = '' OR o.status = :status) AND (:type = '' OR o.type = :type)
  AND (:reference = '' OR o.customer_reference = :reference)
  AND (:email = '' OR lower(o.customer_email) = lower(:email))
  AND (:iccid = '' OR o.id IN (
    SELECT order_id FROM order_esims WHERE iccid_key(iccid) = iccid_key(:iccid::text)
    UNION ALL SELECT order_id FROM recharges WHERE sim_serial IS NOT NULL AND iccid_key(sim_serial) = iccid_key(:iccid::text)))

-- part: of_dealer
WHERE o.dealer_id = :dealer::uuid AND (o.created_at, o.id) < (from_micros(:at), :id::uuid)
  AND o.created_at >= from_micros(:from)
-- use: filtered

-- The same as a range of an index that has the order of the page. If one dealer has nearly all
-- orders, the planner would otherwise think the index of all dealers' times as good, and sort what
-- it finds there.
-- part: from_newest_of_dealer
WHERE (o.dealer_id, o.created_at, o.id) < (:dealer::uuid, from_micros(:at), :id::uuid)
  AND (o.dealer_id, o.created_at) >= (:dealer::uuid, from_micros(:from))
-- use: filtered

-- part: newest_first
ORDER BY o.dealer_id DESC, o.created_at DESC, o.id DESC LIMIT :limit

-- name: browse_orders
-- use: listed_orders
-- use: from_newest_of_dealer
-- use: newest_first

-- name: browse_orders_with_iccid
-- use: listed_orders
JOIN (SELECT order_id FROM order_esims WHERE iccid_key(iccid) = iccid_key(:iccid::text)
  UNION ALL SELECT order_id FROM recharges WHERE sim_serial IS NOT NULL AND iccid_key(sim_serial) = iccid_key(:iccid::text)) AS e
  ON e.order_id = o.id
-- use: of_dealer
-- use: newest_first

-- name: browse_orders_with_reference
-- use: listed_orders
-- use: of_dealer
  AND o.customer_reference = :reference
-- use: newest_first

-- name: browse_orders_with_email
-- use: listed_orders
-- use: of_dealer
  AND lower(o.customer_email) = lower(:email)
-- use: newest_first

-- name: browse_failed_orders
-- use: listed_orders
-- use: from_newest_of_dealer
  AND o.failure IS NOT NULL
-- use: newest_first

-- name: browse_revoked_orders
-- use: listed_orders
-- use: from_newest_of_dealer
  AND o.revoked_at IS NOT NULL
-- use: newest_first

-- name: browse_top_ups
-- use: listed_orders
-- use: from_newest_of_dealer
  AND o.type = 'topup'
-- use: newest_first

-- Only orders that are under way have a job.
-- name: browse_open_orders
-- use: listed_orders
JOIN jobs j ON j.kind = 'fulfil' AND j.subject = o.id
-- use: of_dealer
-- use: newest_first

-- name: find_named_order
SELECT id::text FROM orders WHERE id = :id::uuid AND dealer_id = :dealer::uuid
UNION ALL
SELECT id::text FROM orders WHERE :id::uuid = uuid '00000000-0000-0000-0000-000000000000'
  AND number = :number AND dealer_id = :dealer::uuid;

-- The refund of an order is a posting of this id.
-- name: show_order
SELECT json_build_object(
  'ok', true, 'id', o.id, 'shortId', short_id(o.number), 'type', o.type, 'status', o.status,
  'paidFrom', CASE WHEN o.posting_id IS NULL THEN 'account' ELSE 'wallet' END,
  'productId', o.product, 'productName', coalesce(o.product_name, o.product), 'quantity', o.quantity,
  'unitPriceUsd', dollars(o.unit_price_cents), 'totalUsd', dollars(o.unit_price_cents * o.quantity),
  'customerReference', o.customer_reference, 'customerEmail', o.customer_email, 'customerName', o.customer_name,
  'language', o.language, 'sendEmail', o.mails_customer, 'failure', o.failure,
  'refundedUsd', dollars(coalesce(t.amount_cents, 0)),
  'refunds', CASE WHEN t.seq IS NULL THEN '[]' ELSE json_build_array(json_build_object(
    'amountUsd', dollars(t.amount_cents), 'units', t.amount_cents / nullif(o.unit_price_cents, 0),
    'transactionId', t.posting_id || '-' || t.seq, 'createdAt', rfc3339(t.created_at))) END,
  'replaces', CASE WHEN o.replaces IS NOT NULL THEN json_build_object(
    'id', o.replaces, 'shortId', (SELECT short_id(r.number) FROM orders r WHERE r.id = o.replaces),
    'unit', o.replaced_unit) END,
  'replacedBy', (SELECT coalesce(json_agg(json_build_object(
      'id', n.id, 'shortId', short_id(n.number), 'unit', n.replaced_unit) ORDER BY n.created_at, n.id), '[]')
    FROM orders n WHERE n.replaces = o.id),
  'topUp', (SELECT json_build_object('contactNumber', r.contact_number, 'simSerialNumber', r.sim_serial,
      'currency', nullif(r.currency, ''), 'value', dollars(nullif(r.value, 0)), 'bundleProductCode', r.bundle_code,
      'providerReference', r.provider_reference)
    FROM recharges r WHERE r.order_id = o.id),
  'createdAt', rfc3339(o.created_at), 'completedAt', rfc3339(o.completed_at),
  'events', (SELECT json_agg(json_build_object('type', e.type, 'at', rfc3339(e.at), 'unit', e.unit) ORDER BY e.at, e.rank)
    FROM (
      SELECT 'placed', o.created_at, NULL::integer, 0
      UNION ALL SELECT 'bought', s.delivered_at, s.unit, 1 FROM order_esims s WHERE s.order_id = o.id
      UNION ALL SELECT 'mailed', m.sent_at, s.unit, 2 FROM order_esims s JOIN mails m ON m.id = s.mail_id
        WHERE s.order_id = o.id AND m.status = 'sent'
      UNION ALL SELECT 'installed', s.installed_at, s.unit, 3 FROM order_esims s WHERE s.order_id = o.id
      UNION ALL SELECT 'revoked', s.revoked_at, s.unit, 4 FROM order_esims s WHERE s.order_id = o.id
      UNION ALL SELECT 'replaced', n.created_at, n.replaced_unit, 5 FROM orders n WHERE n.replaces = o.id
      UNION ALL SELECT CASE WHEN o.status = 'failed' THEN 'failed' ELSE 'completed' END, o.completed_at, NULL, 6
      UNION ALL SELECT 'refunded', t.created_at, NULL, 7) AS e(type, at, unit, rank)
    WHERE e.at IS NOT NULL),
  'esims', esims_of(o))::text
FROM orders o
LEFT JOIN postings p ON p.id = :refund::uuid
LEFT JOIN all_transfers t ON t.dealer_id = p.dealer_id AND t.seq = p.last_seq AND t.posting_id = p.id
WHERE o.id = :id::uuid;
