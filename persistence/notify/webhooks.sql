-- part: webhook_columns
id::text, url, array_to_string(events, ' '), array_to_string(low_balances_cents, ' '),
(extract(epoch FROM created_at) * 1000000)::bigint,
coalesce((extract(epoch FROM disabled_at) * 1000000)::bigint, 0), coalesce(disabled_reason, ''),
coalesce((extract(epoch FROM last_success_at) * 1000000)::bigint, 0), coalesce(last_error, ''),
CASE WHEN former_secret_until > clock_timestamp() THEN to_micros(former_secret_until) ELSE 0 END

-- name: find_webhook
SELECT
  -- use: webhook_columns
FROM webhooks WHERE id = :key::uuid;

-- name: list_webhooks
SELECT
  -- use: webhook_columns
FROM webhooks WHERE dealer_id = :key::uuid ORDER BY webhooks.created_at, webhooks.id;

-- name: count_webhooks
SELECT count(*) FROM webhooks WHERE dealer_id = :dealer::uuid;

-- name: insert_webhook
INSERT INTO webhooks (id, dealer_id, url, events, secret, low_balances_cents)
VALUES (:id::uuid, :dealer::uuid, :url, :events::text[], :secret, :low::bigint[]);

-- An empty text, an empty list and -1 leave their fields as they are.
-- name: update_webhook
UPDATE webhooks SET
  url = coalesce(nullif(:url, ''), url),
  events = CASE WHEN cardinality(:events::text[]) > 0 THEN :events::text[] ELSE events END,
  low_balances_cents = CASE WHEN cardinality(:low::bigint[]) > 0 THEN :low::bigint[] ELSE low_balances_cents END,
  disabled_at = CASE :disabled::integer
    WHEN 0 THEN NULL WHEN 1 THEN coalesce(disabled_at, clock_timestamp()) ELSE disabled_at END,
  disabled_reason = CASE :disabled::integer
    WHEN 0 THEN NULL WHEN 1 THEN coalesce(disabled_reason, 'by the dealer') ELSE disabled_reason END
WHERE id = :id::uuid AND dealer_id = :dealer::uuid;

-- With its messages, and their jobs.
-- name: delete_webhook
WITH own AS (DELETE FROM webhooks WHERE id = :id::uuid AND dealer_id = :dealer::uuid RETURNING id),
messages AS (DELETE FROM webhook_messages m USING own WHERE m.webhook_id = own.id RETURNING m.id),
jobs AS (DELETE FROM jobs j USING messages WHERE j.kind = 'webhook' AND j.subject = messages.id)
SELECT count(*) FROM own;

-- name: rotate_secret
UPDATE webhooks SET former_secret = secret, former_secret_until = clock_timestamp() + interval '1 day', secret = :secret
WHERE id = :id::uuid AND dealer_id = :dealer::uuid;

-- name: find_own_webhook
SELECT (disabled_at IS NOT NULL)::int FROM webhooks WHERE id = :id::uuid AND dealer_id = :dealer::uuid;

-- name: disable_webhook
WITH disabled AS (
  UPDATE webhooks SET disabled_at = clock_timestamp(), disabled_reason = :reason
  WHERE id = :id::uuid AND disabled_at IS NULL RETURNING dealer_id, url)
SELECT mail_notice(d.dealer_id, 'webhook_disabled', d.url)
FROM disabled d LEFT JOIN dealer_notices n ON n.dealer_id = d.dealer_id WHERE coalesce(n.disabled_webhooks, true);

-- A commit of the wallet comes either before this transaction, or after it and sees the webhooks as
-- they are then.
-- name: lock_webhooks_wallet
SELECT 1 FROM wallets WHERE dealer_id = :dealer::uuid FOR UPDATE;

-- A change of webhooks without the wallet's lock can at worst leave has_listeners true, which costs a look-up.
-- name: note_listeners
UPDATE wallets w SET has_listeners = l.is_there
FROM (SELECT EXISTS (SELECT FROM webhooks WHERE dealer_id = :dealer::uuid AND disabled_at IS NULL)
  OR EXISTS (SELECT FROM event_followers WHERE dealer_id = :dealer::uuid)
  OR EXISTS (SELECT FROM dealer_notices WHERE dealer_id = :dealer::uuid AND (failed_orders OR low_balance_cents > 0)) AS is_there) AS l
WHERE w.dealer_id = :dealer::uuid AND w.has_listeners <> l.is_there;

-- name: find_message
SELECT h.id::text, h.url, h.secret,
  CASE WHEN h.former_secret_until > clock_timestamp() THEN h.former_secret ELSE '' END, m.body, m.attempts,
  extract(epoch FROM clock_timestamp() - m.queued_at)::bigint,
  coalesce((SELECT o.trace_parent FROM orders o WHERE o.id = m.order_id), '')
FROM webhook_messages m JOIN webhooks h ON h.id = m.webhook_id
WHERE m.id = :id::uuid AND m.failed_at IS NULL AND m.arrived_at IS NULL AND h.disabled_at IS NULL;

-- The message of a disabled webhook is not sent later either.
-- name: drop_message
WITH job AS (DELETE FROM jobs WHERE kind = 'webhook' AND subject = :id::uuid)
DELETE FROM webhook_messages WHERE id = :id::uuid AND failed_at IS NULL AND arrived_at IS NULL;

-- The webhook's row is not written for every message.
-- name: note_arrival
WITH message AS (
  UPDATE webhook_messages SET attempts = attempts + 1, last_error = NULL, arrived_at = clock_timestamp(),
    tried_at = clock_timestamp(), http_status = :status, answer = :answer, took_ms = :took
  WHERE id = :id::uuid),
job AS (DELETE FROM jobs WHERE kind = 'webhook' AND subject = :id::uuid)
UPDATE webhooks SET last_success_at = clock_timestamp(), last_error = NULL
WHERE id = :webhook::uuid AND (last_error IS NOT NULL OR last_success_at IS NULL
  OR last_success_at < clock_timestamp() - interval '10 seconds');

-- name: note_failure
WITH message AS (
  UPDATE webhook_messages SET attempts = attempts + 1, last_error = :error,
    failed_at = CASE WHEN :ends = 1 THEN clock_timestamp() END,
    tried_at = clock_timestamp(), http_status = nullif(:status, 0), answer = :answer, took_ms = :took
  WHERE id = :id::uuid),
job AS (
  UPDATE jobs SET run_at = clock_timestamp() + :pause * interval '1 second', last_error = :error
  WHERE kind = 'webhook' AND subject = :id::uuid)
UPDATE webhooks SET last_error = :error WHERE id = :webhook::uuid;

-- Whether nothing has arrived since the message was made. If other messages have, the receiver only
-- fails on this one.
-- name: is_receiver_dead
SELECT count(*) FROM webhooks h JOIN webhook_messages m ON m.webhook_id = h.id
WHERE m.id = :id::uuid AND coalesce(h.last_success_at < m.queued_at, true);

-- part: deliveries
SELECT to_micros(m.created_at), m.id::text, json_build_object(
  'id', m.id, 'event', m.event, 'status', CASE
    WHEN m.arrived_at IS NOT NULL THEN 'delivered' WHEN m.failed_at IS NOT NULL THEN 'failed' ELSE 'pending' END,
  'attempts', m.attempts, 'httpStatus', m.http_status, 'answer', m.answer, 'error', m.last_error, 'tookMs', m.took_ms,
  'createdAt', rfc3339(m.created_at), 'lastTryAt', rfc3339(m.tried_at),
  'nextTryAt', (SELECT rfc3339(j.run_at) FROM jobs j WHERE j.kind = 'webhook' AND j.subject = m.id),
  'body', m.body::json)::text
FROM webhook_messages m

-- name: find_delivery
-- use: deliveries
WHERE m.id = :id::uuid;

-- name: browse_deliveries
-- use: deliveries
WHERE (m.webhook_id, m.created_at, m.id) < (:webhook::uuid, from_micros(:at), :id::uuid) AND m.webhook_id >= :webhook::uuid
ORDER BY m.webhook_id DESC, m.created_at DESC, m.id DESC LIMIT :limit;

-- name: insert_test
WITH told AS (
  INSERT INTO webhook_messages (id, webhook_id, event, body)
    VALUES (:id::uuid, :webhook::uuid, :event, webhook_body(:event, clock_timestamp(), json_build_object('webhook_id', :webhook::uuid)))
    RETURNING id)
INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM told;

-- A message that is still being sent is only sent sooner.
-- name: replay_delivery
WITH again AS (
  UPDATE webhook_messages SET queued_at = clock_timestamp(), arrived_at = NULL, failed_at = NULL
  WHERE id = :id::uuid AND webhook_id = :webhook::uuid RETURNING id),
job AS (
  INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM again
  ON CONFLICT (kind, subject) DO UPDATE SET run_at = least(jobs.run_at, now()))
SELECT count(*) FROM again;

-- What is still being sent stays.
-- name: forget_deliveries
DELETE FROM webhook_messages WHERE id IN (
  SELECT id FROM webhook_messages
  WHERE created_at < clock_timestamp() - interval '30 days' AND (arrived_at IS NOT NULL OR failed_at IS NOT NULL)
  ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED);

-- name: tell_of_refused_order
SELECT tell_dealer(:dealer::uuid, 'order.refused_for_funds', clock_timestamp(), json_build_object(
  'product_id', :product::text, 'quantity', :quantity::integer, 'customer_reference', nullif(:reference::text, ''),
  'balance_usd', dollars(:balance), 'required_usd', dollars(:required)));
