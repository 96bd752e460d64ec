-- -1 stands for no limit to the balance.
-- name: find_notice_choices
SELECT language, coalesce(low_balance_cents, -1), failed_orders::int, disabled_webhooks::int
FROM dealer_notices WHERE dealer_id = :dealer::uuid;

-- A commit in which an order fails locks this row before the wallet, so everyone locks the two in
-- that order.
-- name: lock_notice_choices
SELECT 1 FROM dealer_notices WHERE dealer_id = :dealer::uuid FOR UPDATE;

-- With another limit, nothing has been mailed of it yet.
-- name: put_notice_choices
INSERT INTO dealer_notices AS n (dealer_id, language, low_balance_cents, failed_orders, disabled_webhooks)
VALUES (:dealer::uuid, :language, nullif(:low::bigint, -1), :orders = 1, :webhooks = 1)
ON CONFLICT (dealer_id) DO UPDATE SET language = excluded.language, low_balance_cents = excluded.low_balance_cents,
  failed_orders = excluded.failed_orders, disabled_webhooks = excluded.disabled_webhooks,
  balance_told_at = CASE WHEN n.low_balance_cents IS NOT DISTINCT FROM excluded.low_balance_cents THEN n.balance_told_at
    ELSE timestamptz '-infinity' END;
