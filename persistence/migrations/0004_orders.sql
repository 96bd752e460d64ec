-- Orders and what becomes of them.

CREATE TABLE orders (
  id uuid CONSTRAINT orders_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL,
  -- Orders on account wait for the provider with a request at hand, and have no posting.
  posting_id uuid,
  type text NOT NULL CONSTRAINT orders_type CHECK (type IN ('esim', 'topup')),
  product text NOT NULL,
  -- What a customer reads in the mail; the product may not be sold any more by then.
  product_name text,
  customer_reference text,
  customer_email text,
  customer_name text,
  mails_customer boolean NOT NULL DEFAULT true,
  language text,
  imei text,
  eid text,
  address jsonb,
  quantity integer NOT NULL CONSTRAINT orders_quantity CHECK (quantity BETWEEN 1 AND 20),
  unit_price_cents bigint NOT NULL CONSTRAINT orders_unit_price CHECK (unit_price_cents >= 0),
  iccid text,
  replaces uuid CONSTRAINT orders_replaces REFERENCES orders (id),
  status text NOT NULL
    CONSTRAINT orders_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'revoked')),
  failure text,
  -- An order on account that the provider was away for was surely not bought: the same request may try again.
  may_be_repeated boolean NOT NULL DEFAULT false,
  request_hash text,
  created_at timestamptz NOT NULL,
  completed_at timestamptz
) WITH (fillfactor = 80);
-- New orders belong at the end of their dealer's part of the index; reading goes backwards.
CREATE INDEX orders_by_dealer ON orders (dealer_id, created_at, id);

CREATE TYPE order_row AS (
  id uuid, dealer_id uuid, posting_id uuid, product text, customer_email text, customer_name text, language text, imei text,
  eid text, address jsonb, quantity integer, unit_price_cents bigint, created_at timestamptz, replaces uuid, product_name text);
CREATE TYPE ended_order AS (id uuid, failed boolean, reason text);
CREATE TYPE refunded_order AS (id uuid, units integer, attempt integer);

-- The units of an order that the provider has delivered.
CREATE TABLE order_esims (
  order_id uuid NOT NULL CONSTRAINT order_esims_order REFERENCES orders (id),
  unit integer NOT NULL CONSTRAINT order_esims_unit CHECK (unit BETWEEN 1 AND 20),
  iccid text NOT NULL CONSTRAINT order_esims_iccid_key UNIQUE,
  lpa text NOT NULL,
  -- The provider's own name for the purchase, and what it charges.
  provider_order_id text,
  cost_cents bigint CONSTRAINT order_esims_cost CHECK (cost_cents >= 0),
  delivered_at timestamptz NOT NULL DEFAULT now(),
  -- The mail that brings it to the customer.
  mail_id uuid,
  revoked_at timestamptz,
  CONSTRAINT order_esims_pkey PRIMARY KEY (order_id, unit)
);
-- An eSIM is delivered once, however it is spelt. Codes without a matching id are told apart by nothing but their ICCID.
CREATE UNIQUE INDEX order_esims_one_iccid ON order_esims (iccid_key(iccid));
CREATE UNIQUE INDEX order_esims_one_code ON order_esims (code_key(lpa)) WHERE split_part(lpa, '$', 3) <> '';

-- Top-ups of SIMs: an order on account of type `topup`, with what is to be topped up. Values are hundredths of the
-- network's currency.
CREATE TABLE recharges (
  order_id uuid CONSTRAINT recharges_pkey PRIMARY KEY CONSTRAINT recharges_order REFERENCES orders (id),
  contact_number text,
  sim_serial text,
  currency text NOT NULL,
  value bigint NOT NULL CONSTRAINT recharges_value CHECK (value > 0),
  bundle_code text,
  bundle_value bigint NOT NULL DEFAULT 0 CONSTRAINT recharges_bundle CHECK ((bundle_code IS NULL) = (bundle_value = 0)),
  provider_reference text,
  cost_cents bigint CONSTRAINT recharges_cost CHECK (cost_cents >= 0),
  CONSTRAINT recharges_one_sim CHECK ((contact_number IS NULL) <> (sim_serial IS NULL))
);

-- Tells the dealer's webhooks that the order has ended. Part of the caller's transaction.
CREATE FUNCTION tell_of_order(ended orders) RETURNS bigint LANGUAGE sql AS $body$
  SELECT tell_dealer(ended.dealer_id, 'order.' || ended.status, ended.completed_at, json_build_object(
    'id', ended.id, 'order_type', ended.type, 'bundle_name', ended.product,
    'customer_reference', ended.customer_reference, 'email_address', ended.customer_email, 'iccid', ended.iccid,
    'amount', dollars(ended.unit_price_cents * ended.quantity), 'status', ended.status, 'failure', ended.failure,
    'created_at', rfc3339(ended.created_at)))
$body$;
