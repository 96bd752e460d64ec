-- No answer is stored: a repeat is answered from the row that the posting's effect has made, and from its last transfer.
ALTER TABLE postings
  DROP COLUMN answer,
  -- The order, batch or mail; a sale has its usage instead.
  ADD COLUMN subject_id uuid,
  ADD COLUMN usage_id bigint,
  ADD COLUMN last_seq bigint;
UPDATE postings p SET last_seq = t.seq
  FROM (SELECT posting_id, max(seq) AS seq FROM transfers GROUP BY posting_id) AS t WHERE t.posting_id = p.id;
ALTER TABLE postings ALTER COLUMN last_seq SET NOT NULL;

-- The names of a row's columns are those of the table that it goes into.
DROP TYPE posting_row;
CREATE TYPE posting_row AS (
  id uuid, dealer_id uuid, kind text, code smallint, subject_id uuid, usage_id bigint, last_seq bigint, idempotency_key text,
  request_hash bytea, created_at timestamptz);
DROP TYPE order_row;
CREATE TYPE order_row AS (
  id uuid, dealer_id uuid, posting_id uuid, product text, customer_email text, customer_name text, language text, imei text,
  eid text, address jsonb, quantity integer, unit_price_cents bigint, created_at timestamptz, replaces uuid, product_name text);
CREATE TYPE ended_order AS (id uuid, failed boolean, reason text);
CREATE TYPE expected_payment AS (id uuid, credited boolean, refunded_cents bigint, reversed_cents bigint);
CREATE TYPE moved_payment AS (id uuid, refunded_cents bigint, reversed_cents bigint, intent text);
CREATE TYPE refunded_batch AS (id uuid, rows integer);
