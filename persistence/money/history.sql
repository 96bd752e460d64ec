-- name: find_balance
SELECT balance_cents FROM wallets WHERE dealer_id = :dealer::uuid;

-- name: list_last_transfers
SELECT posting_id::text, seq, round(date_part('epoch', created_at) * 1000000)::bigint, type,
  CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END, balance_after_cents, description,
  coalesce(order_id::text, ''), coalesce(stripe_session, '')
FROM transfers WHERE dealer_id = :dealer::uuid ORDER BY seq DESC LIMIT :limit;

-- name: find_version
SELECT version FROM wallets WHERE dealer_id = :dealer::uuid;

-- For copy_csv.
-- name: copy_transfers
SELECT rfc3339(created_at), type,
  dollars(CASE WHEN debit_account = 'wallet' THEN -amount_cents ELSE amount_cents END), dollars(balance_after_cents),
  csv_text(description), order_id, csv_text(stripe_session)
FROM transfers
WHERE dealer_id = current_setting('meisim.dealer')::uuid
  AND seq > current_setting('meisim.after')::bigint AND seq <= current_setting('meisim.last')::bigint
  AND created_at >= timestamptz 'epoch' + current_setting('meisim.from')::bigint * interval '1 microsecond'
  AND created_at < timestamptz 'epoch' + current_setting('meisim.to')::bigint * interval '1 microsecond'
ORDER BY seq;
