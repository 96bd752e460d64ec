-- Fills a database without orders, as its owner, with what the service would have written of :orders orders of :dealers dealers, evenly over the last
-- :months months: postings, the ledger with its chains, orders that are delivered, and mails that are sent. The ledger check
-- finds nothing.
\set ON_ERROR_STOP on
SET timezone = 'UTC';
SET synchronous_commit = off;
SET work_mem = '256MB';
SET jit = off;

SELECT make_month(parent, format('%s_%s', parent, to_char(month, 'YYYY_MM')), at, month)
FROM (VALUES ('transfers', 'created_at'), ('audit_events', 'at')) AS p (parent, at),
  generate_series(date_trunc('month', now()) - :months * interval '1 month', now(), interval '1 month') AS month
WHERE to_regclass(format('%s_%s', parent, to_char(month, 'YYYY_MM'))) IS NULL;

-- An id of that time, as the service makes them (UUIDv7).
CREATE FUNCTION pg_temp.id_at(at timestamptz, what text) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
  (lpad(to_hex(to_micros(at) / 1000), 12, '0') || '7' || left(md5(what), 3) || '8' || substr(md5(what), 4, 15))::uuid;

-- A wallet's chain, as protocols/money/commit.cpp makes it.
CREATE FUNCTION pg_temp.next_link(before bytea, content text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT
  RETURN sha256(before || convert_to(content, 'UTF8'));
CREATE AGGREGATE pg_temp.chain_of(text) (
  SFUNC = pg_temp.next_link, STYPE = bytea,
  INITCOND = '\x0000000000000000000000000000000000000000000000000000000000000000');

INSERT INTO dealers (id, email, company, status, created_at)
SELECT pg_temp.id_at(now() - (:months + 1) * interval '1 month', 'dealer ' || n), 'growth' || n || '@meisim.test', 'Growth ' || n,
  'approved', now() - (:months + 1) * interval '1 month'
FROM generate_series(0, :dealers - 1) AS n;

-- Row n is the order of dealer n % :dealers; the first of each is what was paid in.
CREATE TEMP TABLE grown AS
WITH dealer AS (
  SELECT id, row_number() OVER (ORDER BY email) - 1 AS place FROM dealers WHERE email LIKE 'growth%'),
step AS (
  SELECT n, n % :dealers AS place, n / :dealers + 1 AS seq,
    date_trunc('milliseconds', now() - (:orders + :dealers - n)::float8 / (:orders + :dealers) * :months * interval '30 days') AS at
  FROM generate_series(0, :orders + :dealers - 1) AS n)
SELECT s.n, d.id AS dealer_id, s.seq, s.at, pg_temp.id_at(s.at, 'posting ' || s.n) AS posting_id,
  CASE WHEN s.seq > 1 THEN pg_temp.id_at(s.at, 'order ' || s.n) END AS order_id,
  CASE WHEN s.seq > 1 THEN -650 ELSE 100000000000 END AS amount
FROM step s JOIN dealer d USING (place);

INSERT INTO transfers (dealer_id, seq, posting_id, type, debit_account, credit_account, amount_cents, balance_after_cents,
  description, order_id, created_at, chain)
SELECT dealer_id, seq, posting_id, type, CASE WHEN amount < 0 THEN 'wallet' ELSE 'cash' END,
  CASE WHEN amount < 0 THEN 'sales.orders' ELSE 'wallet' END, abs(amount), balance, description, order_id, at,
  pg_temp.chain_of(concat_ws('|', replace(posting_id::text, '-', ''), replace(dealer_id::text, '-', ''), seq, type, amount, balance,
    coalesce(replace(order_id::text, '-', ''), repeat('0', 32)), to_micros(at),
    CASE WHEN amount < 0 THEN 'sales.orders' ELSE 'cash' END, '', description)) OVER (PARTITION BY dealer_id ORDER BY seq)
FROM (
  SELECT *, CASE WHEN amount < 0 THEN 'debit' ELSE 'topup' END AS type, 100000000000 - 650 * (seq - 1) AS balance,
    CASE WHEN amount < 0 THEN 'Order p3:data-us-5gb' ELSE 'Paid in' END AS description
  FROM grown) AS g;

INSERT INTO wallets (dealer_id, balance_cents, version, chain)
SELECT t.dealer_id, t.balance_after_cents, t.seq, t.chain FROM transfers t
JOIN (SELECT dealer_id, max(seq) AS seq FROM grown GROUP BY dealer_id) AS l USING (dealer_id, seq);

INSERT INTO postings (id, dealer_id, kind, code, subject_id, last_seq, idempotency_key, request_hash, created_at)
SELECT posting_id, dealer_id, CASE WHEN order_id IS NULL THEN 'adjustment' ELSE 'order' END, 0, order_id, seq,
  CASE WHEN order_id IS NOT NULL THEN 'key-' || n END,
  CASE WHEN order_id IS NOT NULL THEN sha256(convert_to(n::text, 'UTF8')) END, at
FROM grown ORDER BY n;

INSERT INTO mails (id, recipient, kind, status, created_at, sent_at)
SELECT pg_temp.id_at(at, 'mail ' || n), 'customer' || n || '@example.com', 'esim_activation', 'sent', at, at + interval '2 seconds'
FROM grown WHERE order_id IS NOT NULL ORDER BY n;

INSERT INTO orders (id, number, dealer_id, posting_id, type, product, product_name, country, customer_reference,
  customer_email, customer_name, quantity, unit_price_cents, status, created_at, completed_at)
SELECT order_id, 128 + 2 * n, dealer_id, posting_id, 'esim', 'p3:data-us-5gb', 'USA 5 GB', 'US', 'shop-' || n,
  'customer' || n || '@example.com', 'Customer ' || n, 1, 650, 'completed', at, at + interval '1 second'
FROM grown WHERE order_id IS NOT NULL ORDER BY n;
-- Blocks of 128 numbers, as nodes take them.
SELECT setval('order_number_blocks', (:orders + :dealers) / 64 + 2);

INSERT INTO order_esims (order_id, unit, iccid, lpa, provider_order_id, cost_cents, delivered_at, mail_id)
SELECT order_id, 1, '89' || lpad(n::text, 17, '0'), 'LPA:1$smdp.example.com$GROWN-' || n, 'grown-' || n, 400,
  at + interval '1 second', pg_temp.id_at(at, 'mail ' || n)
FROM grown WHERE order_id IS NOT NULL ORDER BY n;

DROP TABLE grown;
VACUUM (ANALYZE) transfers, postings, orders, order_esims, mails, wallets, dealers;
