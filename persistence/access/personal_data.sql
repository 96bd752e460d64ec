-- An order that still has work to do needs to know its customer.
-- name: empty_orders_of_customer
WITH emptied AS (
  UPDATE orders SET customer_email = NULL, customer_name = NULL, imei = NULL, eid = NULL, address = NULL
  WHERE lower(customer_email) = lower(:email) AND status NOT IN ('pending', 'processing') RETURNING 1)
SELECT count(*) FROM emptied;

-- name: count_orders_of_customer
SELECT count(*) FROM orders WHERE lower(customer_email) = lower(:email);

-- A message that is still being sent needs its contents.
-- name: empty_messages_about_customer
WITH emptied AS (
  UPDATE webhook_messages SET body = '{}'
  WHERE event LIKE 'order.%' AND (arrived_at IS NOT NULL OR failed_at IS NOT NULL) AND body <> '{}'
    AND lower(body::json #>> '{data,email_address}') = lower(:email) RETURNING 1),
forgotten AS (
  DELETE FROM dealer_events WHERE event LIKE 'order.%' AND lower(body::json #>> '{data,email_address}') = lower(:email))
SELECT count(*) FROM emptied;

-- name: empty_mails_to_customer
WITH emptied AS (
  UPDATE mails SET recipient = '', content = NULL
  WHERE lower(recipient) = lower(:email) AND kind IN ('esim-activation', 'batch-results') AND status <> 'queued' RETURNING 1)
SELECT count(*) FROM emptied;

-- A batch that is still being checked needs to know whom to mail.
-- name: empty_batches_for_customer
WITH emptied AS (
  UPDATE batches SET notify_email = NULL
  WHERE lower(notify_email) = lower(:email) AND completed_at IS NOT NULL RETURNING 1)
SELECT count(*) FROM emptied;
