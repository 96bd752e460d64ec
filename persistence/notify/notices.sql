-- Without a limit to the balance it is -1.
-- name: find_notice_choices
SELECT language, coalesce(low_balance_cents, -1), failed_orders::int, disabled_webhooks::int
FROM dealer_notices WHERE dealer_id = :dealer::uuid;

-- A commit in which an order fails locks this row before the wallet: whoever locks both does so in that order.
-- name: lock_notice_choices
SELECT 1 FROM dealer_notices WHERE dealer_id = :dealer::uuid FOR UPDATE;

-- name: put_notice_choices
INSERT INTO dealer_notices (dealer_id, language, low_balance_cents, failed_orders, disabled_webhooks)
VALUES (:dealer::uuid, :language, nullif(:low::bigint, -1), :orders = 1, :webhooks = 1)
ON CONFLICT (dealer_id) DO UPDATE SET language = excluded.language, low_balance_cents = excluded.low_balance_cents,
  failed_orders = excluded.failed_orders, disabled_webhooks = excluded.disabled_webhooks;
