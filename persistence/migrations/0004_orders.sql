-- Orders and what becomes of them.

-- Every order has a number of its own. Orders from the wallet have the even ones, which nodes take by blocks of 128 before
-- anything is decided; orders on account have the odd ones, one by one. The first block is left out, as a short id of zeros
-- would look like none.
CREATE SEQUENCE order_number_blocks;
CREATE SEQUENCE account_order_numbers MINVALUE 0;

-- The short name of an order that a person can read out. Its letters write the order's number, spread over all codes of six
-- letters, so that neighbours are not alike. A number beyond those is its own code, of seven letters.
-- protocols/base/id.cpp says the same.
CREATE FUNCTION short_id(number bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
  SELECT 'MM-' || string_agg(
    substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', ((code >> (5 * n)) & 31)::integer + 1, 1), '' ORDER BY n DESC)
  FROM (SELECT CASE WHEN number < 1073741824 THEN (number * 663608941) & 1073741823 ELSE number END) AS spread (code),
    generate_series(0, CASE WHEN number < 1073741824 THEN 5 ELSE 6 END) AS n);

CREATE TABLE orders (
  id uuid CONSTRAINT orders_pkey PRIMARY KEY,
  number bigint NOT NULL DEFAULT 2 * nextval('account_order_numbers') + 1,
  dealer_id uuid NOT NULL,
  -- Orders on account wait for the provider with a request at hand, and have no posting.
  posting_id uuid,
  type text NOT NULL CONSTRAINT orders_type CHECK (type IN ('esim', 'topup')),
  product text NOT NULL,
  -- What a customer reads in the mail; the product may not be sold any more by then.
  product_name text,
  -- The ISO code of the country that it is for; none for a whole region.
  country text,
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
  -- One of its units; none for the whole of it.
  replaced_unit integer CONSTRAINT orders_replaced_unit CHECK (replaced_unit IS NULL OR replaces IS NOT NULL),
  status text NOT NULL
    CONSTRAINT orders_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'revoked')),
  failure text,
  -- If the provider was away, an order on account was certainly not bought: the same request may
  -- try again.
  may_be_repeated boolean NOT NULL DEFAULT false,
  request_hash text,
  -- The request that placed it, and that one's trace, which the provider and the webhooks are told.
  request_id text,
  trace_parent text,
  created_at timestamptz NOT NULL,
  completed_at timestamptz,
  -- When the last of its eSIMs was revoked.
  revoked_at timestamptz
) WITH (fillfactor = 80);
-- New orders belong at the end of their dealer's part of the index; reading goes backwards.
CREATE INDEX orders_by_dealer ON orders (dealer_id, created_at, id);

-- Since when the provider may have been asked for an order although nothing here says so, in
-- microseconds; zero if that cannot be. It can be in two cases: the database was restored since, or
-- it was restored shortly before and the order's id follows from its key (version 8), so the order
-- may have been placed before.
CREATE FUNCTION placed_since(id uuid, at timestamptz, restored_at timestamptz, known_until timestamptz) RETURNS bigint
  LANGUAGE sql STABLE RETURN CASE
    WHEN restored_at > at OR restored_at > at - interval '14 days' AND get_byte(uuid_send(id), 6) >> 4 = 8
    THEN (extract(epoch FROM least(at, known_until)) * 1000000)::bigint
    ELSE 0 END;

-- How dealers look for their orders, besides by time. None of it changes while an order is fulfilled, so that this rewrites no
-- index. What failed has a reason.
-- Numbers rise, so that this index grows at its end; the codes of short ids would be written all over it.
CREATE UNIQUE INDEX orders_by_number ON orders (number);
CREATE INDEX orders_by_email ON orders (dealer_id, lower(customer_email), created_at, id) WHERE customer_email IS NOT NULL;
CREATE INDEX orders_by_reference ON orders (dealer_id, customer_reference, created_at, id)
  WHERE customer_reference IS NOT NULL;
CREATE INDEX orders_with_failure ON orders (dealer_id, created_at, id) WHERE failure IS NOT NULL;
CREATE INDEX orders_revoked ON orders (dealer_id, created_at, id) WHERE revoked_at IS NOT NULL;
CREATE INDEX orders_that_top_up ON orders (dealer_id, created_at, id) WHERE type = 'topup';
CREATE INDEX orders_by_replaced ON orders (replaces) WHERE replaces IS NOT NULL;

-- Operators read from the newest on. The index grows at its end alone, which is the least that an index can cost.
CREATE INDEX orders_by_time ON orders (created_at);
-- An index by status would be written at each change of it. A failed order stays failed.
CREATE INDEX orders_failed ON orders (created_at) WHERE failure IS NOT NULL;
-- What a customer can quote. A summary of sixteen pages each costs an order nothing: it is
-- made when they are full.
CREATE INDEX orders_quoted ON orders USING brin (
  customer_reference text_bloom_ops (n_distinct_per_range = 800, false_positive_rate = 0.001),
  lower(customer_email) text_bloom_ops (n_distinct_per_range = 800, false_positive_rate = 0.001))
  WITH (pages_per_range = 16, autosummarize = on);

CREATE TYPE order_row AS (
  id uuid, dealer_id uuid, posting_id uuid, product text, customer_email text, customer_name text, language text, imei text,
  eid text, address jsonb, quantity integer, unit_price_cents bigint, created_at timestamptz, replaces uuid, product_name text,
  replaced_unit integer, customer_reference text, mails_customer boolean, country text, number bigint,
  request_id text, trace_parent text);
CREATE TYPE ended_order AS (id uuid, failed boolean, reason text);
CREATE TYPE refunded_order AS (id uuid, units integer, attempt integer);

-- Tries to fulfil an order that did not bring it to its end, each with the provider's last words.
CREATE TABLE order_tries (
  order_id uuid NOT NULL CONSTRAINT order_tries_order REFERENCES orders (id),
  attempt integer NOT NULL,
  at timestamptz NOT NULL,
  words text NOT NULL,
  CONSTRAINT order_tries_pkey PRIMARY KEY (order_id, attempt)
);

-- The units of an order that the provider has delivered.
CREATE TABLE order_esims (
  order_id uuid NOT NULL CONSTRAINT order_esims_order REFERENCES orders (id),
  unit integer NOT NULL CONSTRAINT order_esims_unit CHECK (unit BETWEEN 1 AND 20),
  iccid text NOT NULL CONSTRAINT order_esims_iccid_key UNIQUE,
  lpa text NOT NULL,
  -- The provider's own name for the purchase, and what it charges.
  provider_order_id text,
  cost_cents bigint CONSTRAINT order_esims_cost CHECK (cost_cents >= 0),
  -- What was bought for it, if that is not the order's product but another provider's.
  bought_as text,
  delivered_at timestamptz NOT NULL DEFAULT now(),
  -- The mail that brings it to the customer.
  mail_id uuid,
  revoked_at timestamptz,
  -- What was last heard of its use, as far as dealers are told of it: since when it is installed, how many percent of its data
  -- are used (80, 100), and how many days are left (3, 1).
  installed_at timestamptz,
  percent_told integer NOT NULL DEFAULT 0,
  days_told integer,
  CONSTRAINT order_esims_pkey PRIMARY KEY (order_id, unit)
);
CREATE INDEX order_esims_by_provider_order ON order_esims (provider_order_id) WHERE provider_order_id IS NOT NULL;
CREATE INDEX order_esims_by_time ON order_esims USING brin (delivered_at) WITH (autosummarize = on);
CREATE INDEX order_esims_revoked ON order_esims (order_id) WHERE revoked_at IS NOT NULL;
-- An eSIM is delivered once, however it is spelt. Codes without a matching id are told apart by nothing but their ICCID.
CREATE UNIQUE INDEX order_esims_one_iccid ON order_esims (iccid_key(iccid));
CREATE UNIQUE INDEX order_esims_one_code ON order_esims (code_key(lpa)) WHERE split_part(lpa, '$', 3) <> '';

-- Top-ups of SIMs: an order on account of type `topup`, with what is to be topped up. Values are hundredths of the
-- network's currency. One without a currency and a value brings a bundle's data onto an eSIM.
CREATE TABLE recharges (
  order_id uuid CONSTRAINT recharges_pkey PRIMARY KEY CONSTRAINT recharges_order REFERENCES orders (id),
  contact_number text,
  sim_serial text,
  currency text NOT NULL,
  value bigint NOT NULL CONSTRAINT recharges_value CHECK (value >= 0 AND (value = 0) = (currency = '')),
  bundle_code text,
  bundle_value bigint NOT NULL DEFAULT 0 CONSTRAINT recharges_bundle CHECK ((bundle_code IS NULL) = (bundle_value = 0)),
  provider_reference text,
  cost_cents bigint CONSTRAINT recharges_cost CHECK (cost_cents >= 0),
  delivered_at timestamptz,
  CONSTRAINT recharges_one_sim CHECK ((contact_number IS NULL) <> (sim_serial IS NULL))
);
CREATE INDEX recharges_by_serial ON recharges (iccid_key(sim_serial)) WHERE sim_serial IS NOT NULL;

CREATE INDEX recharges_by_time ON recharges USING brin (delivered_at) WITH (autosummarize = on);
CREATE INDEX recharges_by_sim ON recharges (sim_serial) WHERE sim_serial IS NOT NULL;
CREATE INDEX recharges_by_number ON recharges (contact_number) WHERE contact_number IS NOT NULL;

-- Every unit of an order for its dealer, also those that are not there yet, or never will be.
CREATE FUNCTION esims_of(bought orders) RETURNS json LANGUAGE sql STABLE AS $body$
  SELECT coalesce(json_agg(json_build_object(
    'unit', u.unit, 'state', CASE
      WHEN e.revoked_at IS NOT NULL THEN 'revoked' WHEN e.installed_at IS NOT NULL THEN 'installed'
      WHEN e.order_id IS NOT NULL THEN 'delivered' WHEN bought.completed_at IS NULL THEN 'pending' ELSE 'failed' END,
    'iccid', e.iccid, 'lpa', e.lpa, 'smdp', split_part(e.lpa, '$', 2), 'matchingId', split_part(e.lpa, '$', 3),
    'installUrl', 'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=' || url_escaped(e.lpa),
    'qrPngUrl', s.public_url || '/dealer/orders/' || e.order_id || '/esims/' || e.unit || '/qr.png',
    'deliveredAt', rfc3339(e.delivered_at), 'mailedAt', rfc3339(m.sent_at)) ORDER BY u.unit), '[]')
  FROM generate_series(1, bought.quantity) AS u(unit)
  CROSS JOIN service s
  LEFT JOIN order_esims e ON e.order_id = bought.id AND e.unit = u.unit
  LEFT JOIN mails m ON m.id = e.mail_id AND m.status = 'sent'
  WHERE bought.type = 'esim'
$body$;

-- Tells the dealer's webhooks that the order has ended, and mails the dealer of one that failed. Where one of them listens to what becomes of eSIMs, the provider is
-- asked for it from now on. Part of the caller's transaction.
CREATE FUNCTION tell_of_order(ended orders) RETURNS bigint LANGUAGE sql AS $body$
  INSERT INTO jobs (kind, subject, run_at) SELECT 'esim', ended.id, now() + interval '10 seconds'
    WHERE ended.type = 'esim' AND ended.status = 'completed' AND EXISTS (
      SELECT FROM webhooks h WHERE h.dealer_id = ended.dealer_id AND h.disabled_at IS NULL
        AND h.events && ARRAY['esim.installed', 'esim.data_low', 'esim.expiring'])
    ON CONFLICT DO NOTHING;
  SELECT mail_failed_order(ended.dealer_id, short_id(ended.number)) WHERE ended.status = 'failed';
  SELECT tell_dealer(ended.dealer_id, 'order.' || ended.status, ended.completed_at, json_build_object(
    'id', ended.id, 'order_type', ended.type, 'bundle_name', ended.product,
    'customer_reference', ended.customer_reference, 'email_address', ended.customer_email, 'iccid', ended.iccid,
    'amount', dollars(ended.unit_price_cents * ended.quantity), 'status', ended.status, 'failure', ended.failure,
    'created_at', rfc3339(ended.created_at), 'shortId', short_id(ended.number), 'quantity', ended.quantity,
    'esims', esims_of(ended)))
$body$;
