-- Money is whole cents (bigint), time is timestamptz, identifiers are UUIDs made by the service. Constraints carry the
-- invariants, each under a name that an error can be told by.

CREATE TABLE dealers (
  id uuid CONSTRAINT dealers_pkey PRIMARY KEY,
  email text NOT NULL CONSTRAINT dealers_email_lower CHECK (email = lower(email)),
  company text NOT NULL,
  status text NOT NULL CONSTRAINT dealers_status CHECK (status IN ('pending', 'approved', 'suspended')),
  markup_basis_points integer NOT NULL DEFAULT 0 CONSTRAINT dealers_markup CHECK (markup_basis_points BETWEEN 0 AND 100000),
  resend_fee_cents bigint NOT NULL DEFAULT 100 CONSTRAINT dealers_resend_fee CHECK (resend_fee_cents >= 0),
  portal boolean NOT NULL DEFAULT false,
  password_hash text,
  token_epoch integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT dealers_email_key UNIQUE (email)
);

CREATE TABLE api_keys (
  hash bytea CONSTRAINT api_keys_pkey PRIMARY KEY CONSTRAINT api_keys_hash CHECK (length(hash) = 32),
  dealer_id uuid NOT NULL CONSTRAINT api_keys_dealer REFERENCES dealers (id),
  prefix text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz
);
CREATE INDEX api_keys_by_dealer ON api_keys (dealer_id, created_at);

-- The one code that a dealer can use now; another one takes its place.
CREATE TABLE otps (
  dealer_id uuid CONSTRAINT otps_pkey PRIMARY KEY CONSTRAINT otps_dealer REFERENCES dealers (id),
  code_hash bytea NOT NULL CONSTRAINT otps_hash CHECK (length(code_hash) = 32),
  expires_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CONSTRAINT otps_attempts CHECK (attempts BETWEEN 0 AND 5)
);

-- The position of a wallet: its version is the seq of its last transfer, its chain that transfer's chain value.
CREATE TABLE wallets (
  dealer_id uuid CONSTRAINT wallets_pkey PRIMARY KEY CONSTRAINT wallets_dealer REFERENCES dealers (id),
  balance_cents bigint NOT NULL DEFAULT 0 CONSTRAINT wallets_balance CHECK (balance_cents >= 0),
  version bigint NOT NULL DEFAULT 0 CONSTRAINT wallets_version CHECK (version >= 0),
  chain bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CONSTRAINT wallets_chain CHECK (length(chain) = 32)
) WITH (fillfactor = 50);

-- What was done and what it was answered with; also the idempotency record of a request that came with a key.
CREATE TABLE postings (
  id uuid CONSTRAINT postings_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT postings_wallet REFERENCES wallets (dealer_id),
  kind text NOT NULL,
  code smallint NOT NULL CONSTRAINT postings_code CHECK (code >= 0),
  answer text NOT NULL,
  idempotency_key text,
  request_hash bytea CONSTRAINT postings_request_hash CHECK ((request_hash IS NULL) = (idempotency_key IS NULL)),
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX postings_idempotency_key ON postings (dealer_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- The ledger: rows are only ever added. One of the two accounts is always the dealer's wallet.
CREATE TABLE transfers (
  dealer_id uuid NOT NULL,
  seq bigint NOT NULL CONSTRAINT transfers_seq CHECK (seq > 0),
  posting_id uuid NOT NULL CONSTRAINT transfers_posting REFERENCES postings (id),
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
  CONSTRAINT transfers_pkey PRIMARY KEY (dealer_id, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$;
CREATE TRIGGER transfers_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON transfers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE orders (
  id uuid CONSTRAINT orders_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL,
  posting_id uuid CONSTRAINT orders_posting REFERENCES postings (id),
  type text NOT NULL CONSTRAINT orders_type CHECK (type IN ('esim', 'topup')),
  product text NOT NULL,
  customer_reference text,
  customer_email text,
  customer_name text,
  language text,
  imei text,
  eid text,
  address jsonb,
  quantity integer NOT NULL CONSTRAINT orders_quantity CHECK (quantity BETWEEN 1 AND 20),
  unit_price_cents bigint NOT NULL CONSTRAINT orders_unit_price CHECK (unit_price_cents >= 0),
  iccid text,
  status text NOT NULL CONSTRAINT orders_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'revoked')),
  failure text,
  created_at timestamptz NOT NULL,
  completed_at timestamptz
) WITH (fillfactor = 80);
CREATE INDEX orders_by_dealer ON orders (dealer_id, created_at DESC, id DESC);

-- The units of an order that the provider has delivered.
CREATE TABLE order_esims (
  order_id uuid NOT NULL CONSTRAINT order_esims_order REFERENCES orders (id),
  unit integer NOT NULL CONSTRAINT order_esims_unit CHECK (unit BETWEEN 1 AND 20),
  iccid text NOT NULL CONSTRAINT order_esims_iccid_key UNIQUE,
  lpa text NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT now(),
  mailed_at timestamptz,
  CONSTRAINT order_esims_pkey PRIMARY KEY (order_id, unit)
);

-- Work that outlives a request; a row goes when its work is done. A lease that has run out is free again.
CREATE TABLE jobs (
  kind text NOT NULL CONSTRAINT jobs_kind CHECK (kind IN ('fulfil', 'mail')),
  subject uuid NOT NULL,
  run_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  CONSTRAINT jobs_pkey PRIMARY KEY (kind, subject)
);
CREATE INDEX jobs_due ON jobs (kind, run_at);

CREATE TABLE mails (
  id uuid CONSTRAINT mails_pkey PRIMARY KEY,
  recipient text NOT NULL,
  kind text NOT NULL,
  language text NOT NULL DEFAULT 'en',
  -- The template's values; cleared when the mail is out, as they may hold a code.
  content jsonb,
  status text NOT NULL DEFAULT 'queued' CONSTRAINT mails_status CHECK (status IN ('queued', 'sent', 'failed')),
  failure text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);

CREATE TABLE skus (
  id uuid CONSTRAINT skus_pkey PRIMARY KEY,
  service text NOT NULL,
  name text NOT NULL,
  carrier text NOT NULL,
  plan_type text NOT NULL,
  price_cents bigint NOT NULL CONSTRAINT skus_price CHECK (price_cents >= 0)
);

CREATE TABLE dealer_prices (
  sku_id uuid NOT NULL CONSTRAINT dealer_prices_sku REFERENCES skus (id),
  dealer_id uuid NOT NULL CONSTRAINT dealer_prices_dealer REFERENCES dealers (id),
  price_cents bigint NOT NULL CONSTRAINT dealer_prices_price CHECK (price_cents >= 0),
  CONSTRAINT dealer_prices_pkey PRIMARY KEY (sku_id, dealer_id)
);

CREATE SEQUENCE usage_numbers INCREMENT BY 1000 START WITH 1000;

-- A purchase from stock; which rows it got stands in inventory_ids, oldest first.
CREATE TABLE usages (
  id bigint CONSTRAINT usages_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL,
  posting_id uuid NOT NULL CONSTRAINT usages_posting REFERENCES postings (id),
  sku_id uuid NOT NULL CONSTRAINT usages_sku REFERENCES skus (id),
  quantity integer NOT NULL CONSTRAINT usages_quantity CHECK (quantity BETWEEN 1 AND 50000),
  unit_price_cents bigint NOT NULL CONSTRAINT usages_unit_price CHECK (unit_price_cents >= 0),
  inventory_ids uuid[] NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX usages_by_dealer ON usages (dealer_id, id DESC);

-- No index covers a column that a sale changes, and pages keep room: a sale rewrites a row in place (a HOT update).
CREATE TABLE inventory (
  id uuid CONSTRAINT inventory_pkey PRIMARY KEY,
  carrier text NOT NULL,
  plan_type text NOT NULL,
  iccid text NOT NULL CONSTRAINT inventory_iccid_key UNIQUE,
  lpa text NOT NULL,
  status text NOT NULL DEFAULT 'available' CONSTRAINT inventory_status CHECK (status IN ('available', 'sold', 'burned')),
  dealer_id uuid,
  usage_id bigint,
  assigned_at timestamptz,
  CONSTRAINT inventory_owner CHECK ((status = 'available') = (usage_id IS NULL) OR status = 'burned')
) WITH (fillfactor = 50);
CREATE INDEX inventory_by_pool ON inventory (carrier, plan_type, id);
