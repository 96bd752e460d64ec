-- Makes :count approved dealers. Each has an API key and one transfer of 1,000 dollars into the wallet, chained as
-- protocols/money/commit.cpp does it, so that the ledger's proof holds. Their keys can be guessed: they are for measuring.
BEGIN;

CREATE TEMP TABLE made AS
  SELECT gen_random_uuid() AS dealer, gen_random_uuid() AS posting, n,
    'dk_' || encode(sha256(convert_to('wallets ' || n, 'UTF8')), 'hex') AS key
  FROM generate_series(1, :count) n;

INSERT INTO dealers (id, email, company, status)
  SELECT dealer, 'wallet' || n || '@meisim.test', 'Wallet ' || n, 'approved' FROM made;

INSERT INTO api_keys (hash, dealer_id, prefix)
  SELECT sha256(convert_to(key, 'UTF8')), dealer, left(key, 8) FROM made;

CREATE TEMP TABLE chained AS
  SELECT dealer, posting, sha256(decode(repeat('00', 32), 'hex')
    || convert_to(concat_ws('|', replace(posting::text, '-', ''), replace(dealer::text, '-', ''), 1, 'topup', 100000,
      100000, repeat('0', 32), 0, 'cash', '', 'For measuring'), 'UTF8')) AS chain
  FROM made;

INSERT INTO wallets (dealer_id, balance_cents, version, chain) SELECT dealer, 100000, 1, chain FROM chained;

INSERT INTO postings (id, dealer_id, kind, code, last_seq, created_at)
  SELECT posting, dealer, 'adjustment', 0, 1, timestamptz 'epoch' FROM chained;

INSERT INTO transfers (dealer_id, seq, posting_id, type, debit_account, credit_account, amount_cents,
    balance_after_cents, description, created_at, chain)
  SELECT dealer, 1, posting, 'topup', 'cash', 'wallet', 100000, 100000, 'For measuring', timestamptz 'epoch', chain
  FROM chained;

COMMIT;

\copy (SELECT key FROM made) TO PSTDOUT
