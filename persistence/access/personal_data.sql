-- What still has work to do needs to know whom for.
-- name: empty_orders_of_customer
WITH emptied AS (
  UPDATE orders SET customer_email = NULL, customer_name = NULL, imei = NULL, eid = NULL, address = NULL
  WHERE lower(customer_email) = lower(:email) AND status NOT IN ('pending', 'processing') RETURNING 1)
SELECT count(*) FROM emptied;

-- name: count_orders_of_customer
SELECT count(*) FROM orders WHERE lower(customer_email) = lower(:email);

-- name: empty_mails_to_customer
WITH emptied AS (
  UPDATE mails SET recipient = '', content = NULL
  WHERE lower(recipient) = lower(:email) AND kind = 'esim-activation' AND status <> 'queued' RETURNING 1)
SELECT count(*) FROM emptied;
