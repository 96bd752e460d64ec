-- What a commit brings, a type for each kind of row: one array of rows is unfolded in a fifth of the time that an array for each
-- column takes, and a row may hold an array. Such a type is never changed, as nodes of two releases use it at once: a row that
-- gets another column gets another type.
CREATE TYPE posting_row AS (
  id uuid, dealer_id uuid, kind text, code smallint, answer text, idempotency_key text, request_hash bytea,
  created_at timestamptz);
CREATE TYPE wallet_move AS (
  dealer uuid, expected bigint, expected_chain bytea, has_webhooks boolean, balance bigint, version bigint, chain bytea);
CREATE TYPE transfer_row AS (
  dealer_id uuid, seq bigint, posting_id uuid, type text, debit_account text, credit_account text, amount_cents bigint,
  balance_after_cents bigint, description text, order_id uuid, stripe_session text, created_at timestamptz, chain bytea);
CREATE TYPE order_row AS (
  id uuid, dealer uuid, posting uuid, product text, email text, name text, language text, imei text, eid text, address jsonb,
  quantity integer, price bigint, at timestamptz, replaces uuid, product_name text);
CREATE TYPE job_row AS (kind text, subject uuid);
CREATE TYPE mail_row AS (id uuid, recipient text, kind text, language text, content jsonb);
CREATE TYPE usage_row AS (
  id bigint, dealer_id uuid, posting_id uuid, sku_id uuid, quantity integer, unit_price_cents bigint, inventory_ids uuid[],
  created_at timestamptz);
CREATE TYPE sold_block AS (block bigint, places bit(1024));
CREATE TYPE movement_row AS (
  payment_id uuid, cause text, posting_id uuid, amount_cents bigint, created_at timestamptz);
CREATE TYPE batch_row AS (
  id uuid, dealer_id uuid, source text, posting_id uuid, usage_id bigint, sku_id uuid, label text, notify_email text,
  unit_price_cents bigint, total_rows integer, next_row integer, invalid integer, created_at timestamptz,
  completed_at timestamptz);
CREATE TYPE code_row AS (batch_id uuid, row_number integer, iccid text, lpa text);
CREATE TYPE flaw_row AS (batch_id uuid, row_number integer, verdict text, reason text, checked_at timestamptz);
CREATE TYPE verdict_row AS (
  batch_id uuid, row_number integer, verdict text, reason text, iccid text, device text, stage text, codes text,
  http_status integer, host text, begun_at timestamptz, checked_at timestamptz);
CREATE TYPE row_refund AS (batch_id uuid, row_number integer, posting_id uuid);
CREATE TYPE wallet_event AS (dealer uuid, event text, at timestamptz, data text, before bigint, after bigint);
