-- What the ledger check reads. Each of the statements `count_…` counts what must not be.

-- name: list_wallets
SELECT dealer_id::text, balance_cents, version, encode(chain, 'hex') FROM wallets;

-- name: declare_ledger
DECLARE ledger CURSOR FOR
SELECT dealer_id::text, seq, posting_id::text, type,
  CASE WHEN debit_account = 'wallet' THEN credit_account ELSE debit_account END,
  CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END, balance_after_cents, description,
  coalesce(order_id::text, ''), (extract(epoch FROM created_at) * 1000000)::bigint, encode(chain, 'hex')
FROM transfers ORDER BY transfers.dealer_id, seq;

-- name: fetch_ledger
FETCH 2000 FROM ledger;

-- Text, as it may be any number if the ledger is damaged.
-- name: sum_accounts
SELECT ((SELECT coalesce(sum(balance_cents), 0) FROM wallets)
  + coalesce(sum(CASE WHEN debit_account = 'wallet' THEN amount_cents ELSE -amount_cents END), 0))::text
FROM transfers;

-- name: count_transfers_without_posting
SELECT count(*) FROM transfers t
WHERE NOT EXISTS (SELECT FROM postings p WHERE p.id = t.posting_id AND p.dealer_id = t.dealer_id);

-- name: count_usages_without_posting
SELECT count(*) FROM usages u
WHERE NOT EXISTS (SELECT FROM postings p WHERE p.id = u.posting_id AND p.dealer_id = u.dealer_id);

-- name: count_usages_without_sku
SELECT count(*) FROM usages u WHERE NOT EXISTS (SELECT FROM skus s WHERE s.id = u.sku_id);

-- name: count_postings_without_wallet
SELECT count(*) FROM postings p WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.dealer_id = p.dealer_id);

-- name: count_orders_without_posting
SELECT count(*) FROM orders o
WHERE o.posting_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM postings p WHERE p.id = o.posting_id AND p.dealer_id = o.dealer_id);

-- eSIMs that were sold more than once, those that are sold to nobody or bought but not sold, and sold places without an eSIM.
-- name: count_sales
SELECT count(*) FILTER (WHERE h.times > 1), count(*) FILTER (WHERE h.times IS NULL OR NOT s.is_sold IS TRUE),
  (SELECT coalesce(sum(bit_count(places)), 0) FROM inventory_sold)::bigint - count(*) FILTER (WHERE s.is_sold)
    - (SELECT count(*) FROM inventory WHERE withdrawn_at IS NOT NULL)
FROM (
  SELECT id, count(*) AS times FROM (
    SELECT unnest(inventory_ids) AS id FROM usages
    UNION ALL
    SELECT replacement_id FROM replacement_checks WHERE replacement_id IS NOT NULL) AS buyers
  GROUP BY id) AS h
FULL JOIN (SELECT id, is_sold FROM stock WHERE is_sold) AS s USING (id);

-- name: count_card_postings_unlike_ledger
SELECT count(*) FROM stripe_postings s
JOIN stripe_payments p ON p.id = s.payment_id
LEFT JOIN (
  SELECT posting_id, dealer_id, sum(CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END) AS amount
  FROM transfers WHERE posting_id IN (SELECT posting_id FROM stripe_postings) GROUP BY 1, 2) AS t
  ON t.posting_id = s.posting_id AND t.dealer_id = p.dealer_id
WHERE t.amount IS DISTINCT FROM s.amount_cents;

-- What the movements of a payment take of its net amount, and what Stripe charged for them.
-- name: count_payments_unlike_movements
SELECT count(*) FROM stripe_payments p
LEFT JOIN (
  SELECT payment_id, sum(amount_cents) FILTER (WHERE movement_id IS NULL) AS paid, sum(amount_cents) AS all_in_all
  FROM stripe_postings GROUP BY payment_id) AS s ON s.payment_id = p.id
LEFT JOIN (
  SELECT payment_id,
    coalesce(sum(amount_cents) FILTER (WHERE kind <> 'refund_sum' AND NOT undone), 0)
      + greatest(coalesce(sum(amount_cents) FILTER (WHERE kind = 'refund_sum'), 0)
        - coalesce(sum(amount_cents) FILTER (WHERE kind = 'refund'), 0), 0) AS gone,
    coalesce(sum(fee_cents) FILTER (WHERE NOT undone), 0) AS fees
  FROM stripe_movements GROUP BY payment_id) AS m ON m.payment_id = p.id
WHERE s.paid IS DISTINCT FROM CASE WHEN p.credited THEN p.net_cents END
  OR p.reversed_cents <> least(greatest(coalesce(m.gone, 0), 0), p.net_cents)
  OR coalesce(s.all_in_all, 0) <> CASE WHEN p.credited THEN p.net_cents ELSE 0 END - p.reversed_cents - coalesce(m.fees, 0);

-- name: count_card_postings_without_payment
SELECT count(*) FROM postings p
WHERE p.kind IN ('stripe_credit', 'stripe_reversal')
  AND NOT EXISTS (SELECT FROM stripe_postings s WHERE s.posting_id = p.id);

-- name: count_batches_unlike_verdicts
SELECT count(*) FROM batches b
LEFT JOIN (SELECT batch_id, count(*) AS rows FROM verdicts GROUP BY batch_id) AS v ON v.batch_id = b.id
WHERE coalesce(v.rows, 0) <> b.available + b.used + b.invalid + b.error + b.unknown;

-- name: count_batches_unlike_refunds
SELECT count(*) FROM batches b
LEFT JOIN (SELECT batch_id, count(*) AS rows FROM row_refunds GROUP BY batch_id) AS r ON r.batch_id = b.id
WHERE coalesce(r.rows, 0) <> b.refunded_rows OR b.refunded_rows > b.error;
