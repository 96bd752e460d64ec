-- For copy_csv.

-- What moved on a day between dealers' wallets and each of our accounts. Positive is what came into wallets.
-- name: copy_ledger_days
SELECT to_char(t.created_at, 'YYYY-MM-DD'), a.name, t.type, count(*),
  dollars(sum(CASE WHEN t.debit_account = 'wallet' THEN 0 ELSE t.amount_cents END)::bigint),
  dollars(sum(CASE WHEN t.debit_account = 'wallet' THEN t.amount_cents ELSE 0 END)::bigint),
  dollars(sum(CASE WHEN t.debit_account = 'wallet' THEN -t.amount_cents ELSE t.amount_cents END)::bigint)
FROM transfers t
CROSS JOIN LATERAL (SELECT CASE WHEN t.debit_account = 'wallet' THEN t.credit_account ELSE t.debit_account END) AS a (name)
WHERE t.created_at >= date '1970-01-01' + current_setting('meisim.from')::integer
  AND t.created_at < date '1970-01-01' + current_setting('meisim.to')::integer + 1
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
