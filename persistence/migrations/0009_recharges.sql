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
  CONSTRAINT recharges_one_sim CHECK ((contact_number IS NULL) <> (sim_serial IS NULL))
);
