-- name: find_balance
SELECT balance_cents FROM wallets WHERE dealer_id = :dealer::uuid;

-- name: list_last_transfers
SELECT posting_id::text, seq, round(date_part('epoch', created_at) * 1000000)::bigint, type,
  CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END, balance_after_cents, description,
  coalesce(subject_of(posting_id, order_id), ''), coalesce(stripe_session, '')
FROM all_transfers WHERE dealer_id = :dealer::uuid ORDER BY seq DESC LIMIT :limit;

-- name: find_version
SELECT version FROM wallets WHERE dealer_id = :dealer::uuid;

-- For copy_csv.
-- name: copy_transfers
SELECT rfc3339(created_at), type,
  dollars(CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END), dollars(balance_after_cents),
  csv_text(description), order_id, csv_text(stripe_session)
FROM all_transfers
WHERE dealer_id = current_setting('meisim.dealer')::uuid
  AND seq > current_setting('meisim.after')::bigint AND seq <= current_setting('meisim.last')::bigint
  AND created_at >= timestamptz 'epoch' + current_setting('meisim.from')::bigint * interval '1 microsecond'
  AND created_at < timestamptz 'epoch' + current_setting('meisim.to')::bigint * interval '1 microsecond'
ORDER BY seq;

-- The numbers have no gap, so a month is all transfers from one number on and before another.
-- name: find_month
SELECT b.first, b.next,
  coalesce((SELECT balance_after_cents FROM all_transfers WHERE dealer_id = :dealer::uuid AND seq = b.first - 1), 0),
  coalesce((SELECT balance_after_cents FROM all_transfers WHERE dealer_id = :dealer::uuid AND seq = b.next - 1), 0)
FROM (SELECT first_transfer_at(:dealer::uuid, from_micros(:from)), first_transfer_at(:dealer::uuid, from_micros(:to)))
  AS b(first, next);

-- name: sum_month
SELECT type, count(*), sum(CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END)::bigint
FROM all_transfers WHERE dealer_id = :dealer::uuid AND seq >= :first AND seq < :next GROUP BY type ORDER BY type;

-- name: list_month
SELECT round(date_part('epoch', created_at) * 1000000)::bigint, type,
  CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END, balance_after_cents, description
FROM all_transfers WHERE dealer_id = :dealer::uuid AND seq >= :first AND seq < :next ORDER BY seq LIMIT :most;

-- part: listed_transfers
SELECT t.seq, '', json_build_object(
  'id', t.posting_id || '-' || t.seq, 'created_at', rfc3339(t.created_at), 'type', t.type,
  'amount_usd', dollars(CASE WHEN t.debit_account = 'wallet' THEN -t.amount_cents ELSE t.amount_cents END),
  'balance_after_usd', dollars(t.balance_after_cents), 'description', t.description,
  'stripe_session_id', t.stripe_session, 'related_order_id', subject_of(t.posting_id, t.order_id),
  'receipt_url', CASE WHEN t.type = 'topup' THEN (SELECT public_url FROM service) || '/dealer/receipts/' || t.stripe_session || '.pdf' END)::text
FROM all_transfers t

-- The clocks of two nodes can differ, so the range of numbers is an hour wider than the times.
-- part: within
WHERE t.dealer_id = :dealer::uuid AND t.seq < :at
  AND t.seq >= (SELECT first_transfer_at(:dealer::uuid, from_micros(:from) - interval '1 hour'))
  AND t.seq < (SELECT first_transfer_at(:dealer::uuid, from_micros(:to) + interval '1 hour'))
  AND t.created_at >= from_micros(:from) AND t.created_at < from_micros(:to)
  AND (:type = '' OR t.type = :type)

-- name: browse_transfers
-- use: listed_transfers
-- use: within
ORDER BY t.seq DESC LIMIT :limit;

-- name: browse_transfers_but_debits
-- use: listed_transfers
-- use: within
  AND t.type = :type AND t.type <> 'debit'
ORDER BY t.seq DESC LIMIT :limit;
