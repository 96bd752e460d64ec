-- Wallets, the ledger, and card payments.

-- The position of a wallet: its version is the seq of its last transfer, its chain that transfer's chain value. Its balance
-- may be negative: a refund or dispute of a card payment takes money that the dealer may have spent. Everything else is
-- refused by the wallet, whose decision stands only on the version that it was made on.
CREATE TABLE wallets (
  dealer_id uuid CONSTRAINT wallets_pkey PRIMARY KEY CONSTRAINT wallets_dealer REFERENCES dealers (id),
  balance_cents bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 0 CONSTRAINT wallets_version CHECK (version >= 0),
  chain bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CONSTRAINT wallets_chain CHECK (length(chain) = 32),
  -- Whether any of the dealer's webhooks is enabled, or somebody follows its events. The commit that moves a wallet reads it
  -- on the way, so that dealers who listen to nothing cost nothing more.
  has_listeners boolean NOT NULL DEFAULT false
) WITH (fillfactor = 50);

CREATE TYPE wallet_move AS (
  dealer uuid, expected bigint, expected_chain bytea, has_listeners boolean, balance bigint, version bigint, chain bytea);

-- What was done; also the idempotency record of a request that came with a key. No answer is stored: a repeat is answered
-- from the row that the posting's effect has made, and from its last transfer.
CREATE TABLE postings (
  id uuid CONSTRAINT postings_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL,
  kind text NOT NULL,
  code smallint NOT NULL CONSTRAINT postings_code CHECK (code >= 0),
  -- The order, batch or mail; a sale has its usage instead. A refund of rows has their batch.
  subject_id uuid,
  usage_id bigint,
  last_seq bigint NOT NULL,
  idempotency_key text,
  request_hash bytea CONSTRAINT postings_request_hash CHECK ((request_hash IS NULL) = (idempotency_key IS NULL)),
  created_at timestamptz NOT NULL,
  -- A repeat is answered from these, so none may be missing where there has to be one.
  CONSTRAINT postings_subject CHECK ((kind IN ('order', 'batch', 'resend', 'batch_refund')) = (subject_id IS NOT NULL)),
  CONSTRAINT postings_usage CHECK ((kind = 'supply') = (usage_id IS NOT NULL))
);
CREATE UNIQUE INDEX postings_idempotency_key ON postings (dealer_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TYPE posting_row AS (
  id uuid, dealer_id uuid, kind text, code smallint, subject_id uuid, usage_id bigint, last_seq bigint, idempotency_key text,
  request_hash bytea, created_at timestamptz);

-- The ledger: rows are only ever added. One of the two accounts is always the dealer's wallet. The
-- wallet's version, which each commit moves on, makes a number unique in a wallet. The key alone
-- does so only within a month.
CREATE TABLE transfers (
  dealer_id uuid NOT NULL,
  seq bigint NOT NULL CONSTRAINT transfers_seq CHECK (seq > 0),
  posting_id uuid NOT NULL,
  type text NOT NULL CONSTRAINT transfers_type CHECK (type IN ('debit', 'topup', 'refund', 'credit', 'adjustment')),
  debit_account text NOT NULL,
  credit_account text NOT NULL CONSTRAINT transfers_accounts CHECK ((debit_account = 'wallet') <> (credit_account = 'wallet')),
  amount_cents bigint NOT NULL CONSTRAINT transfers_amount CHECK (amount_cents > 0),
  balance_after_cents bigint NOT NULL,
  description text NOT NULL,
  order_id uuid,
  stripe_session text,
  created_at timestamptz NOT NULL,
  chain bytea NOT NULL CONSTRAINT transfers_chain CHECK (length(chain) = 32),
  CONSTRAINT transfers_pkey PRIMARY KEY (dealer_id, seq, created_at)
) PARTITION BY RANGE (created_at);

-- An order's, and a time's. Summaries cost a commit nothing.
CREATE INDEX transfers_by_order ON transfers USING brin (order_id uuid_bloom_ops (n_distinct_per_range = 2000))
  WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX transfers_by_time ON transfers USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
-- All but the debits are few, and looked for among those.
CREATE INDEX transfers_but_debits ON transfers (dealer_id, type, seq) WHERE type <> 'debit';

CREATE TYPE transfer_row AS (
  dealer_id uuid, seq bigint, posting_id uuid, type text, debit_account text, credit_account text, amount_cents bigint,
  balance_after_cents bigint, description text, order_id uuid, stripe_session text, created_at timestamptz, chain bytea);

CREATE TRIGGER transfers_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT begin_months('transfers');

-- Whether somebody has put money into the wallet since then: what orders give back is none.
CREATE FUNCTION was_filled_since(wallet uuid, since timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $body$
BEGIN
  RETURN EXISTS (SELECT FROM transfers
    WHERE dealer_id = wallet AND type IN ('topup', 'credit', 'adjustment') AND created_at > since);
END
$body$;

-- How far each wallet was proved when the ledger was last found whole.
CREATE TABLE ledger_proved (
  dealer_id uuid CONSTRAINT ledger_proved_pkey PRIMARY KEY,
  seq bigint NOT NULL,
  balance_cents bigint NOT NULL,
  chain bytea NOT NULL,
  proved_at timestamptz NOT NULL
);

CREATE INDEX ledger_proved_by_time ON ledger_proved (proved_at);

-- Which wallets a proof is about, and from where on; rows live as long as its transaction.
CREATE UNLOGGED TABLE ledger_scope (dealer_id uuid NOT NULL, after_seq bigint NOT NULL);

-- Only a table's owner can gather its statistics.
CREATE FUNCTION analyze_ledger_scope() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS 'ANALYZE public.ledger_scope';

-- Card payments. A row is there before Stripe is asked.
CREATE TABLE stripe_payments (
  id uuid CONSTRAINT stripe_payments_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT stripe_payments_dealer REFERENCES dealers (id),
  kind text NOT NULL CONSTRAINT stripe_payments_kind CHECK (kind IN ('session', 'intent')),
  net_cents bigint NOT NULL CONSTRAINT stripe_payments_net CHECK (net_cents > 0),
  gross_cents bigint NOT NULL CONSTRAINT stripe_payments_gross CHECK (gross_cents >= net_cents),
  -- What Stripe calls the session or intent, and the intent behind a session once it is known.
  reference text CONSTRAINT stripe_payments_reference_key UNIQUE,
  intent text CONSTRAINT stripe_payments_intent_key UNIQUE,
  -- What the dealer pays by.
  checkout_url text,
  client_secret text,
  publishable_key text,
  credited boolean NOT NULL DEFAULT false,
  -- 0 until it is credited, then one more with each thing that becomes of it.
  version bigint NOT NULL DEFAULT 0,
  -- How much of the net amount refunds and disputes have taken from the wallet again.
  reversed_cents bigint NOT NULL DEFAULT 0
    CONSTRAINT stripe_payments_reversed CHECK (reversed_cents BETWEEN 0 AND net_cents),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stripe_payments_paid_first CHECK (credited = (version > 0) AND (credited OR reversed_cents = 0))
);
CREATE INDEX stripe_payments_by_dealer ON stripe_payments (dealer_id, created_at);
CREATE INDEX stripe_payments_by_time ON stripe_payments (created_at);

-- Where a step expects a payment, and where it leaves it.
CREATE TYPE expected_payment AS (id uuid, version bigint);
CREATE TYPE moved_payment AS (id uuid, taken_cents bigint, intent text);

-- What Stripe did with the money of a payment after it was paid: each movement under Stripe's own id, as far as it has come.
CREATE TABLE stripe_movements (
  -- A refund (re_…), a balance transaction of a dispute (txn_…), the dispute where it lists none, or, for what a charge says
  -- was refunded in all, the charge (ch_…).
  id text CONSTRAINT stripe_movements_pkey PRIMARY KEY CONSTRAINT stripe_movements_named CHECK (id <> ''),
  payment_id uuid NOT NULL CONSTRAINT stripe_movements_payment REFERENCES stripe_payments (id),
  kind text NOT NULL CONSTRAINT stripe_movements_kind CHECK (kind IN ('refund', 'refund_sum', 'dispute')),
  -- What went back to the card, and what Stripe charged for it beside; negative for what came again.
  amount_cents bigint NOT NULL,
  fee_cents bigint NOT NULL,
  -- A refund that failed or was canceled. That is final.
  undone boolean NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX stripe_movements_by_payment ON stripe_movements (payment_id);
CREATE INDEX stripe_movements_by_time ON stripe_movements (created_at);

CREATE TYPE movement_row AS (
  id text, payment_id uuid, kind text, amount_cents bigint, fee_cents bigint, undone boolean, created_at timestamptz);

-- What a payment did to its wallet: a row for each posting, in its commit.
CREATE TABLE stripe_postings (
  posting_id uuid CONSTRAINT stripe_postings_pkey PRIMARY KEY,
  payment_id uuid NOT NULL CONSTRAINT stripe_postings_payment REFERENCES stripe_payments (id),
  -- None for the payment itself.
  movement_id text CONSTRAINT stripe_postings_movement REFERENCES stripe_movements (id),
  -- As the wallet sees it: negative for what left it.
  amount_cents bigint NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX stripe_postings_paid_once ON stripe_postings (payment_id) WHERE movement_id IS NULL;
CREATE INDEX stripe_postings_by_payment ON stripe_postings (payment_id);

CREATE TYPE stripe_posting_row AS (
  posting_id uuid, payment_id uuid, movement_id text, amount_cents bigint, created_at timestamptz);

-- Events of Stripe that moved no money although they should: they wait for an operator.
CREATE TABLE stripe_unmatched (
  event text CONSTRAINT stripe_unmatched_pkey PRIMARY KEY,
  type text NOT NULL,
  session text NOT NULL,
  intent text NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  settled_because text,
  CONSTRAINT stripe_unmatched_settled CHECK ((settled_at IS NULL) = (settled_because IS NULL))
);
CREATE INDEX stripe_unmatched_open ON stripe_unmatched (created_at) WHERE settled_at IS NULL;
