-- Customers' data is emptied after a while, a portion at a time, the oldest first. The ledger and
-- the eSIMs stay. An order that still has work to do needs to know its customer.

-- One node at a time: the lock ends with the transaction.
-- name: take_retention_turn
SELECT pg_try_advisory_xact_lock(:lock)::int;

-- name: empty_old_orders
WITH seen AS (
  SELECT id, created_at, status FROM orders
  WHERE (created_at, id) > (from_micros(:after), :last::uuid) AND created_at < now() - :days * interval '1 day'
  ORDER BY created_at, id LIMIT :portion),
emptied AS (
  UPDATE orders o SET customer_email = NULL, customer_name = NULL, imei = NULL, eid = NULL, address = NULL
  FROM seen s WHERE o.id = s.id AND o.status NOT IN ('pending', 'processing')
    AND num_nonnulls(o.customer_email, o.customer_name, o.imei, o.eid, o.address) > 0 RETURNING 1)
SELECT to_micros(created_at), id::text, (SELECT count(*) FROM emptied)
FROM seen ORDER BY created_at DESC, id DESC LIMIT 1;

-- name: empty_old_mails
WITH seen AS (
  SELECT id, created_at FROM mails
  WHERE (created_at, id) > (from_micros(:after), :last::uuid) AND created_at < now() - :days * interval '1 day'
  ORDER BY created_at, id LIMIT :portion),
emptied AS (
  UPDATE mails m SET recipient = '', content = NULL
  FROM seen s WHERE m.id = s.id AND m.kind IN ('esim-activation', 'batch-results') AND m.status <> 'queued'
    AND (m.recipient <> '' OR m.content IS NOT NULL) RETURNING 1)
SELECT to_micros(created_at), id::text, (SELECT count(*) FROM emptied)
FROM seen ORDER BY created_at DESC, id DESC LIMIT 1;

-- What webhooks were told of orders has customers' addresses in it. A message that is still being
-- sent needs its contents.
-- name: empty_old_messages
WITH seen AS (
  SELECT id, created_at FROM webhook_messages
  WHERE (created_at, id) > (from_micros(:after), :last::uuid) AND created_at < now() - :days * interval '1 day'
  ORDER BY created_at, id LIMIT :portion),
emptied AS (
  UPDATE webhook_messages m SET body = '{}'
  FROM seen s WHERE m.id = s.id AND m.event LIKE 'order.%' AND m.body <> '{}'
    AND (m.arrived_at IS NOT NULL OR m.failed_at IS NOT NULL) RETURNING 1)
SELECT to_micros(created_at), id::text, (SELECT count(*) FROM emptied)
FROM seen ORDER BY created_at DESC, id DESC LIMIT 1;
