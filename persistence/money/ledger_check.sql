-- What the ledger check reads. Each of the statements `count_…` counts what must not be.

-- name: list_wallets
SELECT dealer_id::text, version, balance_cents, encode(chain, 'hex') FROM wallets;

-- One proof at a time. A lock takes no snapshot, so the result of the proof before is seen.
-- name: lock_proofs
LOCK TABLE ledger_proved IN EXCLUSIVE MODE;

-- Either all wallets from their beginning, which is the end of the archive, or those that have
-- moved since the last proof, from there on.
-- name: choose_scope
INSERT INTO ledger_scope (dealer_id, after_seq)
SELECT w.dealer_id, coalesce(CASE WHEN :since_last = 1 THEN p.seq END, a.seq, 0)
FROM wallets w LEFT JOIN ledger_proved p ON p.dealer_id = w.dealer_id LEFT JOIN ledger_archived a ON a.dealer_id = w.dealer_id
WHERE :since_last = 0 OR p.seq IS DISTINCT FROM w.version;

-- name: analyze_scope
SELECT analyze_ledger_scope();

-- Since the last proof little has moved, and all that belongs to it is looked up. The planner takes
-- it for a third of each wallet, and would rather read everything.
-- name: look_up_each
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);

-- name: clear_scope
DELETE FROM ledger_scope;

-- name: list_proved
SELECT dealer_id::text, seq, balance_cents, encode(chain, 'hex') FROM ledger_proved;

-- name: list_archived
SELECT dealer_id::text, seq, balance_cents, encode(chain, 'hex') FROM ledger_archived;

-- name: keep_proof
INSERT INTO ledger_proved (dealer_id, seq, balance_cents, chain, proved_at)
SELECT dealer_id, version, balance_cents, chain, now() FROM wallets
ON CONFLICT (dealer_id) DO UPDATE
SET seq = excluded.seq, balance_cents = excluded.balance_cents, chain = excluded.chain, proved_at = excluded.proved_at
WHERE ledger_proved.seq <> excluded.seq;

-- part: ledger_columns
SELECT t.dealer_id::text, t.seq, t.posting_id::text, t.type,
  CASE WHEN t.debit_account = 'wallet' THEN t.credit_account ELSE t.debit_account END,
  CASE WHEN t.debit_account = 'wallet' THEN -t.amount_cents ELSE t.amount_cents END, t.balance_after_cents, t.description,
  coalesce(t.order_id::text, ''), coalesce(t.stripe_session, ''), (extract(epoch FROM t.created_at) * 1000000)::bigint,
  encode(t.chain, 'hex')

-- name: declare_ledger
DECLARE ledger CURSOR FOR
-- use: ledger_columns
FROM ledger_scope s JOIN transfers t ON t.dealer_id = s.dealer_id AND t.seq > s.after_seq ORDER BY t.dealer_id, t.seq;

-- The same where little has moved: by wallet, in whatever order.
-- name: declare_moved_ledger
DECLARE ledger CURSOR FOR
-- use: ledger_columns
FROM ledger_scope s CROSS JOIN LATERAL (
  SELECT * FROM transfers WHERE dealer_id = s.dealer_id AND seq > s.after_seq ORDER BY seq) AS t;

-- name: fetch_ledger
FETCH 2000 FROM ledger;

-- A text, because it may be any number if the ledger is damaged. The archive has left wallets with
-- the balances that they had at its end.
-- name: sum_accounts
SELECT ((SELECT coalesce(sum(balance_cents), 0) FROM wallets) - (SELECT coalesce(sum(balance_cents), 0) FROM ledger_archived)
  + coalesce(sum(CASE WHEN t.debit_account = 'wallet' THEN t.amount_cents ELSE -t.amount_cents END), 0))::text
FROM transfers t LEFT JOIN ledger_archived a ON a.dealer_id = t.dealer_id WHERE t.seq > coalesce(a.seq, 0);

-- A transfer that was proved once must still be there as it was.
-- name: count_proved_gone
SELECT count(*) FROM ledger_proved p
WHERE p.seq > 0 AND NOT EXISTS (
  SELECT FROM transfers t WHERE t.dealer_id = p.dealer_id AND t.seq = p.seq AND t.chain = p.chain)
  AND NOT EXISTS (
  SELECT FROM ledger_archived a WHERE a.dealer_id = p.dealer_id AND a.seq = p.seq AND a.chain = p.chain);

-- Compares every posting within the scope with its transfers, and with what it says that it was
-- for. An order and a batch cost their price times their quantity. So does a sale, which gives back
-- what it could not deliver. A refund of rows gives back the batch's price for each row. `accounts`
-- and `kinds` name the account of each kind of posting; a top-up and an adjustment have their own.
-- name: compare_postings
WITH accounts AS (
  SELECT * FROM unnest(string_to_array(:kinds, ','), string_to_array(:accounts, ',')) AS a(kind, account)),
moved AS (
  SELECT t.posting_id, t.dealer_id, max(t.seq) AS last_seq, count(*) AS lines,
    coalesce(sum(t.amount_cents) FILTER (WHERE t.debit_account = 'wallet'), 0) AS taken,
    coalesce(sum(t.amount_cents) FILTER (WHERE t.credit_account = 'wallet'), 0) AS given,
    max(CASE WHEN t.type NOT IN ('topup', 'adjustment')
      THEN CASE WHEN t.debit_account = 'wallet' THEN t.credit_account ELSE t.debit_account END END) AS account,
    count(*) FILTER (WHERE CASE t.type WHEN 'topup' THEN 'cash' WHEN 'adjustment' THEN 'adjustments' END
      <> CASE WHEN t.debit_account = 'wallet' THEN t.credit_account ELSE t.debit_account END) AS strange,
    count(DISTINCT CASE WHEN t.type NOT IN ('topup', 'adjustment')
      THEN CASE WHEN t.debit_account = 'wallet' THEN t.credit_account ELSE t.debit_account END END) AS accounts
  FROM ledger_scope s JOIN transfers t ON t.dealer_id = s.dealer_id AND t.seq > s.after_seq
  GROUP BY t.posting_id, t.dealer_id)
SELECT
  count(*) FILTER (WHERE p.id IS NULL OR p.last_seq <> m.last_seq),
  count(*) FILTER (WHERE m.strange > 0 OR m.accounts > 1 OR m.account <> a.account OR p.kind IS NOT NULL AND a.kind IS NULL),
  count(*) FILTER (WHERE p.kind = 'order' AND o.id IS NULL OR p.kind = 'supply' AND u.id IS NULL
    OR p.kind = 'batch' AND b.id IS NULL OR p.kind = 'resend' AND e.id IS NULL
    OR p.kind = 'batch_refund' AND r.posting_id IS NULL),
  count(*) FILTER (WHERE m.taken <> o.unit_price_cents * o.quantity OR m.given <> 0 AND o.id IS NOT NULL),
  count(*) FILTER (WHERE m.taken <> u.unit_price_cents * u.quantity
    OR m.taken - m.given <> u.unit_price_cents * cardinality(u.inventory_ids)),
  count(*) FILTER (WHERE m.taken <> b.unit_price_cents * b.total_rows),
  count(*) FILTER (WHERE m.given <> r.price * r.rows OR r.batches > 1)
FROM moved m
LEFT JOIN postings p ON p.id = m.posting_id AND p.dealer_id = m.dealer_id
LEFT JOIN accounts a ON a.kind = p.kind
LEFT JOIN orders o ON p.kind = 'order' AND o.id = p.subject_id AND o.posting_id = p.id
LEFT JOIN usages u ON p.kind = 'supply' AND u.id = p.usage_id AND u.posting_id = p.id
LEFT JOIN batches b ON p.kind = 'batch' AND b.id = p.subject_id AND b.posting_id = p.id
LEFT JOIN mails e ON p.kind = 'resend' AND e.id = p.subject_id
LEFT JOIN LATERAL (
  SELECT w.posting_id, count(*) AS rows, min(g.unit_price_cents) AS price, count(DISTINCT w.batch_id) AS batches
  FROM row_refunds w JOIN batches g ON g.id = w.batch_id
  WHERE p.kind = 'batch_refund' AND w.posting_id = p.id GROUP BY w.posting_id) AS r ON true;

-- What costs nothing leaves no transfer. Only the transfer tells what a resend cost, or the refund
-- of what was free. An order on account, a card payment and a settlement keep only their keys here.
-- name: count_postings_without_transfer
SELECT count(*) FROM postings p
LEFT JOIN orders o ON p.kind = 'order' AND o.id = p.subject_id
LEFT JOIN usages u ON p.kind = 'supply' AND u.id = p.usage_id
LEFT JOIN batches b ON p.kind = 'batch' AND b.id = p.subject_id
LEFT JOIN (
  SELECT DISTINCT r.posting_id FROM row_refunds r JOIN batches g ON g.id = r.batch_id
  WHERE g.unit_price_cents = 0) AS gift ON gift.posting_id = p.id
LEFT JOIN ledger_archived a ON a.dealer_id = p.dealer_id
WHERE p.last_seq > coalesce(a.seq, 0) AND p.kind NOT IN ('account_order', 'card_payment', 'order_refund', 'resend', 'settlement') AND gift.posting_id IS NULL
  AND coalesce(o.unit_price_cents, u.unit_price_cents, b.unit_price_cents) IS DISTINCT FROM 0
  AND NOT EXISTS (
  SELECT FROM transfers t WHERE t.dealer_id = p.dealer_id AND t.seq = p.last_seq AND t.posting_id = p.id);

-- name: count_transfers_without_wallet
SELECT count(*) FROM transfers t WHERE NOT EXISTS (SELECT FROM wallets w WHERE w.dealer_id = t.dealer_id);

-- A failed order has all of its price back. An order that was delivered in part has the rest back.
-- Every other order has nothing back, and only a failed order has all of it.
-- part: is_unlike_refund
o.unit_price_cents > 0 AND CASE
  WHEN o.status = 'failed' THEN r.amount IS DISTINCT FROM o.unit_price_cents * o.quantity
  WHEN o.status IN ('pending', 'processing') THEN r.amount IS NOT NULL
  ELSE r.amount = o.unit_price_cents * o.quantity OR coalesce(r.amount, 0) <> o.unit_price_cents
    * (o.quantity - (SELECT count(*) FROM order_esims s WHERE s.order_id = o.id)) END

-- name: count_orders_unlike_refunds
SELECT count(*) FROM orders o
LEFT JOIN (
  SELECT order_id, sum(amount_cents) AS amount FROM (
    SELECT t.order_id, t.amount_cents FROM transfers t
    JOIN postings p ON p.id = t.posting_id AND p.kind = 'order_refund'
    LEFT JOIN ledger_archived a ON a.dealer_id = t.dealer_id WHERE t.seq > coalesce(a.seq, 0)
    UNION ALL SELECT order_id, amount_cents FROM archived_refunds) AS e GROUP BY order_id) AS r ON r.order_id = o.id
WHERE o.posting_id IS NOT NULL AND
-- use: is_unlike_refund

-- The same for orders that were paid or given back within the scope. An order is given back once,
-- and after it was paid.
-- name: count_moved_orders_unlike_refunds
WITH moved AS (
  SELECT CASE p.kind WHEN 'order' THEN p.subject_id ELSE t.order_id END AS id,
    CASE p.kind WHEN 'order_refund' THEN t.amount_cents END AS amount
  FROM ledger_scope s
  JOIN transfers t ON t.dealer_id = s.dealer_id AND t.seq > s.after_seq
  -- Looked up one by one, also where the planner takes these kinds for so rare that it would read all postings for them.
  CROSS JOIN LATERAL (SELECT kind, subject_id FROM postings WHERE id = t.posting_id OFFSET 0) AS p
  WHERE p.kind IN ('order', 'order_refund')),
r AS (SELECT id, sum(amount) AS amount FROM moved GROUP BY id)
SELECT count(*) FROM r JOIN orders o USING (id)
WHERE
-- use: is_unlike_refund

-- name: count_refunds_without_order
SELECT count(*) FROM transfers t
JOIN postings p ON p.id = t.posting_id AND p.kind = 'order_refund'
WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = t.order_id AND o.dealer_id = t.dealer_id);

-- name: count_row_refunds_without_posting
SELECT count(*) FROM row_refunds r
JOIN batches b ON b.id = r.batch_id
WHERE b.posting_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM postings p WHERE p.id = r.posting_id AND p.kind = 'batch_refund');

-- name: has_transfer
SELECT count(*) FROM (
  SELECT chain FROM all_transfers WHERE dealer_id = :dealer::uuid AND seq = :seq
  UNION ALL SELECT chain FROM ledger_archived WHERE dealer_id = :dealer::uuid AND seq = :seq) AS t
WHERE chain = decode(:chain, 'hex');

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

-- Counts eSIMs that were sold more than once, eSIMs that are sold to nobody or bought but not sold,
-- and sold places without an eSIM.
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
WHERE t.amount IS DISTINCT FROM s.amount_cents AND NOT EXISTS (
  SELECT FROM postings g JOIN ledger_archived a ON a.dealer_id = g.dealer_id
  WHERE g.id = s.posting_id AND g.last_seq <= a.seq);

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

-- name: count_credit_unlike_orders
SELECT count(*) FROM credit_accounts c
FULL JOIN (
  SELECT dealer_id, sum(cents) AS cents FROM (
    SELECT dealer_id, unit_price_cents * quantity AS cents FROM orders WHERE posting_id IS NULL AND status <> 'failed'
    UNION ALL SELECT dealer_id, -amount_cents FROM settlements) AS a
  GROUP BY dealer_id) AS o USING (dealer_id)
WHERE coalesce(c.used_cents, 0) <> coalesce(o.cents, 0);

-- name: count_batches_unlike_verdicts
SELECT count(*) FROM batches b
LEFT JOIN (SELECT batch_id, count(*) AS rows FROM verdicts GROUP BY batch_id) AS v ON v.batch_id = b.id
WHERE coalesce(v.rows, 0) <> b.available + b.used + b.invalid + b.error + b.unknown
  AND NOT EXISTS (SELECT FROM archived_batches a WHERE b.id >= a.first_id AND b.id < a.next_id);

-- name: count_batches_unlike_refunds
SELECT count(*) FROM batches b
LEFT JOIN (SELECT batch_id, count(*) AS rows FROM row_refunds GROUP BY batch_id) AS r ON r.batch_id = b.id
WHERE coalesce(r.rows, 0) <> b.refunded_rows OR b.refunded_rows > b.error + b.cancelled_rows;
