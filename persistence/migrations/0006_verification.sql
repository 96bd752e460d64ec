-- Codes that dealers have checked.

-- A batch counts what stands in the tables below, so that its progress is known without reading
-- them. Rows from next_row on were never leased; leased_rows are being checked.
CREATE TABLE batches (
  id uuid CONSTRAINT batches_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT batches_dealer REFERENCES dealers (id),
  source text NOT NULL CONSTRAINT batches_source CHECK (source IN ('dealer', 'portal', 'replacement')),
  -- The check of a replacement is free, and has none.
  posting_id uuid CONSTRAINT batches_posting_key UNIQUE,
  usage_id bigint CONSTRAINT batches_usage_key UNIQUE,
  sku_id uuid CONSTRAINT batches_sku REFERENCES skus (id),
  label text NOT NULL,
  notify_email text,
  unit_price_cents bigint NOT NULL CONSTRAINT batches_unit_price CHECK (unit_price_cents >= 0),
  total_rows integer NOT NULL CONSTRAINT batches_total CHECK (total_rows BETWEEN 1 AND 50000),
  next_row integer NOT NULL DEFAULT 1,
  leased_rows integer NOT NULL DEFAULT 0 CONSTRAINT batches_leased CHECK (leased_rows >= 0),
  available integer NOT NULL DEFAULT 0,
  used integer NOT NULL DEFAULT 0,
  invalid integer NOT NULL DEFAULT 0,
  error integer NOT NULL DEFAULT 0,
  unknown integer NOT NULL DEFAULT 0,
  refunded_rows integer NOT NULL DEFAULT 0,
  -- Rows from here on that have no verdict will get none: the dealer has cancelled the batch before they were leased.
  cancelled_from integer,
  cancelled_rows integer NOT NULL DEFAULT 0,
  -- The card (its EID, or the name of a device without one) that must not check the rows, because
  -- no card may confirm what it has said itself.
  not_on text,
  -- Up to which age a verdict about the same code will do.
  max_age_seconds integer NOT NULL DEFAULT 0 CONSTRAINT batches_max_age CHECK (max_age_seconds BETWEEN 0 AND 3600),
  created_at timestamptz NOT NULL,
  last_leased_at timestamptz,
  completed_at timestamptz,
  CONSTRAINT batches_refunds CHECK (refunded_rows BETWEEN 0 AND error + cancelled_rows),
  CONSTRAINT batches_counters CHECK (available + used + invalid + error + unknown + leased_rows <= total_rows - cancelled_rows),
  CONSTRAINT batches_completion
    CHECK ((completed_at IS NOT NULL) = (available + used + invalid + error + unknown = total_rows - cancelled_rows))
) WITH (fillfactor = 50);
CREATE INDEX batches_by_dealer ON batches (dealer_id, created_at, id);
CREATE INDEX batches_by_time ON batches (created_at);
CREATE INDEX batches_running ON batches (dealer_id) WHERE completed_at IS NULL;
-- For whoever is to be erased.
CREATE INDEX batches_by_notified ON batches (lower(notify_email)) WHERE notify_email IS NOT NULL;
CREATE INDEX batches_open ON batches (dealer_id) WHERE next_row <= total_rows;

CREATE TYPE batch_row AS (
  id uuid, dealer_id uuid, source text, posting_id uuid, usage_id bigint, sku_id uuid, label text, notify_email text,
  unit_price_cents bigint, total_rows integer, next_row integer, invalid integer, max_age_seconds integer, created_at timestamptz,
  completed_at timestamptz);

-- Rows are only ever added: a lease is of a range of them, and a verdict is a row of its own, whose primary key is why no
-- row is counted twice. A batch lies in the month that its id tells. Only a second opinion on a replacement has an id that
-- tells none.
CREATE TABLE batch_rows (
  batch_id uuid NOT NULL,
  row_number integer NOT NULL,
  iccid text,
  lpa text NOT NULL,
  CONSTRAINT batch_rows_pkey PRIMARY KEY (batch_id, row_number)
) PARTITION BY RANGE (batch_id);

CREATE TRIGGER batch_rows_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON batch_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT begin_months('batch_rows');

CREATE TYPE code_row AS (batch_id uuid, row_number integer, iccid text, lpa text);

CREATE TABLE verdicts (
  batch_id uuid NOT NULL,
  row_number integer NOT NULL,
  verdict text NOT NULL
    CONSTRAINT verdicts_verdict CHECK (verdict IN ('available', 'used', 'invalid', 'error', 'unknown')),
  reason text,
  iccid text,
  -- What it rests on; without a device for a text that is no activation code.
  device text,
  stage text,
  codes text,
  http_status integer,
  host text,
  begun_at timestamptz,
  checked_at timestamptz NOT NULL,
  CONSTRAINT verdicts_pkey PRIMARY KEY (batch_id, row_number)
) PARTITION BY RANGE (batch_id);
CREATE INDEX verdicts_by_time ON verdicts USING brin (checked_at);

CREATE TRIGGER verdicts_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON verdicts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT begin_months('verdicts');

CREATE TYPE verdict_row AS (
  batch_id uuid, row_number integer, verdict text, reason text, iccid text, device text, stage text, codes text,
  http_status integer, host text, begun_at timestamptz, checked_at timestamptz);
-- The verdict about a text that is no activation code.
CREATE TYPE flaw_row AS (batch_id uuid, row_number integer, verdict text, reason text, checked_at timestamptz);

-- What is known of a code, for whomever it was checked. An SM-DP+ locks a code that it is asked about too often, so questions
-- are counted before they are put.
CREATE TABLE checked_codes (
  -- The SM-DP+ and the matching id: smdp.example.com$MATCHING-ID
  code text CONSTRAINT checked_codes_pkey PRIMARY KEY,
  -- The questions of the last day, at least.
  asked_at timestamptz[] NOT NULL DEFAULT '{}',
  -- The last verdict that was no error.
  batch_id uuid,
  row_number integer,
  checked_at timestamptz
) WITH (fillfactor = 70);

CREATE TYPE checked_code AS (code text, batch_id uuid, row_number integer, checked_at timestamptz);

-- The devices of all nodes, as those have last told that give them rows.
CREATE TABLE devices (
  name text CONSTRAINT devices_pkey PRIMARY KEY,
  driver text NOT NULL,
  node text NOT NULL,
  -- The process that it belongs to.
  site text NOT NULL,
  eid text,
  version text,
  state text NOT NULL,
  detail text,
  checks bigint NOT NULL,
  failures bigint NOT NULL,
  failures_in_a_row integer NOT NULL,
  rests_until timestamptz,
  last_results jsonb NOT NULL,
  -- Since when this process has it: of two with one card, the first one keeps it.
  since timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

CREATE TYPE noted_device AS (
  name text, driver text, node text, site text, eid text, version text, state text, detail text, checks bigint,
  failures bigint, failures_in_a_row integer, rests_until timestamptz, last_results jsonb);

-- Tries that led to no verdict.
CREATE TABLE check_attempts (
  batch_id uuid NOT NULL,
  row_number integer NOT NULL,
  attempt integer NOT NULL,
  device text NOT NULL,
  reason text NOT NULL,
  ended_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT check_attempts_pkey PRIMARY KEY (batch_id, row_number, attempt)
);

CREATE TYPE attempt_row AS (batch_id uuid, row_number integer, attempt integer, device text, reason text);

CREATE TABLE row_leases (
  id uuid CONSTRAINT row_leases_pkey PRIMARY KEY,
  batch_id uuid NOT NULL CONSTRAINT row_leases_batch REFERENCES batches (id),
  first_row integer NOT NULL,
  last_row integer NOT NULL,
  open_rows integer NOT NULL CONSTRAINT row_leases_open CHECK (open_rows >= 0),
  owner text NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  -- How often an owner vanished: any of its rows may have been tried once more each time.
  interruptions integer NOT NULL DEFAULT 0,
  lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX row_leases_due ON row_leases (lease_until);

CREATE TYPE lease_row AS (
  id uuid, batch_id uuid, first_row integer, last_row integer, open_rows integer, owner text, seconds integer);
-- A lease in somebody's hands for some seconds more, and how many of its rows have been done.
CREATE TYPE kept_lease AS (id uuid, generation integer, seconds integer);
CREATE TYPE worked_lease AS (id uuid, done bigint, seconds integer);

-- The rows that were given back, each once.
CREATE TABLE row_refunds (
  batch_id uuid NOT NULL,
  row_number integer NOT NULL,
  posting_id uuid NOT NULL,
  CONSTRAINT row_refunds_pkey PRIMARY KEY (batch_id, row_number)
);
CREATE INDEX row_refunds_by_posting ON row_refunds (posting_id);

CREATE TYPE row_refund AS (batch_id uuid, row_number integer, posting_id uuid);
-- How many rows of a batch were given back.
CREATE TYPE refunded_batch AS (id uuid, rows integer);
