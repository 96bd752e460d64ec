-- For copy_csv.

-- What moved on a day between dealers' wallets and each of our accounts. A positive amount came
-- into wallets.
-- name: copy_ledger_days
SELECT to_char(t.created_at, 'YYYY-MM-DD'), a.name, t.type, count(*),
  dollars(sum(CASE WHEN t.debit_account = 'wallet' THEN 0 ELSE t.amount_cents END)::bigint),
  dollars(sum(CASE WHEN t.debit_account = 'wallet' THEN t.amount_cents ELSE 0 END)::bigint),
  dollars(sum(CASE WHEN t.debit_account = 'wallet' THEN -t.amount_cents ELSE t.amount_cents END)::bigint)
FROM all_transfers t
CROSS JOIN LATERAL (SELECT CASE WHEN t.debit_account = 'wallet' THEN t.credit_account ELSE t.debit_account END) AS a (name)
WHERE t.created_at >= date '1970-01-01' + current_setting('meisim.from')::integer
  AND t.created_at < date '1970-01-01' + current_setting('meisim.to')::integer + 1
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- What was delivered on a day, to whom, and what it cost. If the cost of units is not known, their
-- margin is not known either.
-- name: copy_sales_days
SELECT to_char(u.delivered_at, 'YYYY-MM-DD'), csv_text(d.email), csv_text(o.product), o.country, count(DISTINCT o.id), count(*),
  dollars(sum(o.unit_price_cents)::bigint), dollars(sum(u.cost_cents)::bigint),
  dollars(sum(o.unit_price_cents - u.cost_cents)::bigint), count(*) FILTER (WHERE u.cost_cents IS NULL)
FROM (
  SELECT order_id, cost_cents, delivered_at FROM order_esims
  UNION ALL
  SELECT order_id, cost_cents, delivered_at FROM recharges) AS u
JOIN orders o ON o.id = u.order_id JOIN dealers d ON d.id = o.dealer_id
WHERE u.delivered_at >= date '1970-01-01' + current_setting('meisim.from')::integer
  AND u.delivered_at < date '1970-01-01' + current_setting('meisim.to')::integer + 1
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
