-- Card payments. A row is there before Stripe is asked; it is also the idempotency record of the request that began it.
CREATE TABLE stripe_payments (
  id uuid CONSTRAINT stripe_payments_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT stripe_payments_dealer REFERENCES dealers (id),
  kind text NOT NULL CONSTRAINT stripe_payments_kind CHECK (kind IN ('session', 'intent')),
  net_cents bigint NOT NULL CONSTRAINT stripe_payments_net CHECK (net_cents > 0),
  gross_cents bigint NOT NULL CONSTRAINT stripe_payments_gross CHECK (gross_cents >= net_cents),
  -- What Stripe calls the session or intent, and the intent behind a session once it is known.
  reference text CONSTRAINT stripe_payments_reference_key UNIQUE,
  intent text CONSTRAINT stripe_payments_intent_key UNIQUE,
  idempotency_key text,
  request_hash bytea CONSTRAINT stripe_payments_request_hash CHECK ((request_hash IS NULL) = (idempotency_key IS NULL)),
  answer text,
  credited boolean NOT NULL DEFAULT false,
  refunded_cents bigint NOT NULL DEFAULT 0 CONSTRAINT stripe_payments_refunded CHECK (refunded_cents >= 0),
  reversed_cents bigint NOT NULL DEFAULT 0
    CONSTRAINT stripe_payments_reversed CHECK (reversed_cents BETWEEN 0 AND net_cents),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stripe_payments_paid_first CHECK (credited OR (refunded_cents = 0 AND reversed_cents = 0))
);
CREATE UNIQUE INDEX stripe_payments_idempotency_key ON stripe_payments (dealer_id, idempotency_key)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX stripe_payments_by_dealer ON stripe_payments (dealer_id, created_at);

-- Each thing that a payment did to its wallet: every cause once, in the commit of its posting.
CREATE TABLE stripe_movements (
  payment_id uuid NOT NULL CONSTRAINT stripe_movements_payment REFERENCES stripe_payments (id),
  cause text NOT NULL,
  posting_id uuid NOT NULL CONSTRAINT stripe_movements_posting_key UNIQUE,
  -- As the wallet sees it: negative for what left it.
  amount_cents bigint NOT NULL CONSTRAINT stripe_movements_amount CHECK (amount_cents <> 0),
  created_at timestamptz NOT NULL,
  CONSTRAINT stripe_movements_pkey PRIMARY KEY (payment_id, cause)
);

-- A refund or dispute takes money that the dealer may have spent. Everything else is refused by the wallet, whose
-- decision stands only on the version that it was made on.
ALTER TABLE wallets DROP CONSTRAINT wallets_balance;
