-- Mails and webhooks.

CREATE TABLE mails (
  id uuid CONSTRAINT mails_pkey PRIMARY KEY,
  recipient text NOT NULL,
  kind text NOT NULL,
  language text NOT NULL DEFAULT 'en',
  -- The template's values; cleared when the mail is out. One that was refused can be sent again, unless it holds a code.
  content jsonb,
  status text NOT NULL DEFAULT 'queued' CONSTRAINT mails_status CHECK (status IN ('queued', 'sent', 'failed')),
  failure text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  -- The order whose mail this repeats, if somebody asked for that.
  order_id uuid
);

CREATE INDEX mails_by_order ON mails (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX mails_by_time ON mails (created_at);
CREATE INDEX mails_failed ON mails (created_at) WHERE failure IS NOT NULL;

CREATE TYPE mail_row AS (id uuid, recipient text, kind text, language text, content jsonb, order_id uuid);

-- What dealers are mailed about, besides the security of their accounts. A dealer without a row is
-- mailed only of webhooks that were disabled.
CREATE TABLE dealer_notices (
  dealer_id uuid CONSTRAINT dealer_notices_pkey PRIMARY KEY CONSTRAINT dealer_notices_dealer REFERENCES dealers (id),
  language text NOT NULL,
  -- The balance below which they are; none for never.
  low_balance_cents bigint CONSTRAINT dealer_notices_low_balance CHECK (low_balance_cents > 0),
  failed_orders boolean NOT NULL,
  disabled_webhooks boolean NOT NULL,
  -- When the last mail about a failed order was queued.
  order_told_at timestamptz NOT NULL DEFAULT '-infinity',
  -- And the last one about a low balance.
  balance_told_at timestamptz NOT NULL DEFAULT '-infinity'
);

-- Queues a mail to a dealer in its language; part of the caller's transaction. Gives the number of mails.
CREATE FUNCTION mail_notice(dealer uuid, what text, detail text) RETURNS bigint LANGUAGE sql AS $body$
  WITH mail AS (
    INSERT INTO mails (id, recipient, kind, language, content)
    SELECT gen_random_uuid(), d.email, 'account-notice', coalesce(n.language, 'en'),
      jsonb_build_object('what', what, 'detail', detail)
    FROM dealers d LEFT JOIN dealer_notices n ON n.dealer_id = d.id WHERE d.id = dealer RETURNING id),
  job AS (INSERT INTO jobs (kind, subject) SELECT 'mail', id FROM mail RETURNING 1)
  SELECT count(*) FROM job
$body$;

-- Of many orders that fail within a quarter of an hour, the dealer is mailed only of the first. A
-- transaction that finds another one doing this leaves it to that one, so that no two wait for each
-- other.
CREATE FUNCTION mail_failed_order(dealer uuid, shown_id text) RETURNS bigint LANGUAGE sql AS $body$
  WITH due AS (
    SELECT n.dealer_id FROM dealer_notices n
    WHERE n.dealer_id = dealer AND n.failed_orders AND n.order_told_at < clock_timestamp() - interval '15 minutes'
    FOR NO KEY UPDATE SKIP LOCKED),
  told AS (
    UPDATE dealer_notices n SET order_told_at = clock_timestamp() FROM due WHERE n.dealer_id = due.dealer_id
    RETURNING n.dealer_id)
  SELECT coalesce(sum(mail_notice(t.dealer_id, 'order_failed', shown_id)), 0)::bigint FROM told t
$body$;

-- Where dealers want to be told of what happens.
CREATE TABLE webhooks (
  id uuid CONSTRAINT webhooks_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT webhooks_dealer REFERENCES dealers (id),
  url text NOT NULL,
  events text[] NOT NULL CONSTRAINT webhooks_events CHECK (cardinality(events) > 0),
  secret text NOT NULL,
  -- Messages are signed by the secret before as well, until then.
  former_secret text,
  former_secret_until timestamptz,
  -- The highest first.
  low_balances_cents bigint[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  disabled_at timestamptz,
  disabled_reason text,
  last_success_at timestamptz,
  last_error text,
  CONSTRAINT webhooks_disabled CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  CONSTRAINT webhooks_former CHECK ((former_secret IS NULL) = (former_secret_until IS NULL))
);
CREATE INDEX webhooks_by_dealer ON webhooks (dealer_id, created_at);

-- What is to be sent, was sent, or could not be. Kept for a month, for dealers to look at.
CREATE TABLE webhook_messages (
  id uuid CONSTRAINT webhook_messages_pkey PRIMARY KEY,
  -- The webhook may be gone. A foreign key would then fail the change that is told of.
  webhook_id uuid NOT NULL,
  event text NOT NULL,
  -- The order that it tells of.
  order_id uuid,
  body text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Since when it is being tried; later than its making where the dealer had it sent once more.
  queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of the last try: when it was, what came back, and how long that took.
  tried_at timestamptz,
  http_status integer,
  answer text,
  took_ms integer,
  arrived_at timestamptz,
  failed_at timestamptz,
  CONSTRAINT webhook_messages_end CHECK (arrived_at IS NULL OR failed_at IS NULL)
);
CREATE INDEX webhook_messages_by_webhook ON webhook_messages (webhook_id, created_at, id);
CREATE INDEX webhook_messages_by_order ON webhook_messages (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);
CREATE INDEX webhook_messages_failed ON webhook_messages (failed_at) WHERE failed_at IS NOT NULL;

CREATE FUNCTION webhook_body(event text, at timestamptz, data json) RETURNS text LANGUAGE sql STABLE
  RETURN json_build_object('type', event, 'timestamp', rfc3339(at), 'data', data)::text;

-- Dealers whose events somebody follows as they happen, and until when events are kept for
-- followers that come back. From the transaction `since` on, no event is missing.
CREATE TABLE event_followers (
  dealer_id uuid CONSTRAINT event_followers_pkey PRIMARY KEY
    CONSTRAINT event_followers_dealer REFERENCES dealers (id),
  since xid8 NOT NULL,
  until timestamptz NOT NULL
);

CREATE TABLE dealer_events (
  dealer_id uuid NOT NULL,
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  number bigint GENERATED ALWAYS AS IDENTITY,
  event text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT dealer_events_pkey PRIMARY KEY (dealer_id, transaction, number)
);
CREATE INDEX dealer_events_by_age ON dealer_events (created_at);

-- Queues a message for each of the dealer's webhooks that listens to the event, and keeps it for those who follow them; part
-- of the caller's transaction, like the change that it tells of. Gives the number of messages.
CREATE FUNCTION tell_dealer(dealer uuid, what text, at timestamptz, data json) RETURNS bigint LANGUAGE sql AS $body$
  INSERT INTO dealer_events (dealer_id, event, body)
    SELECT dealer, what, webhook_body(what, at, data) FROM event_followers f
    WHERE f.dealer_id = dealer AND f.until > clock_timestamp();
  WITH told AS (
    INSERT INTO webhook_messages (id, webhook_id, event, order_id, body)
      SELECT gen_random_uuid(), h.id, what,
        (data ->> CASE WHEN what LIKE 'order.%' THEN 'id' ELSE 'order_id' END)::uuid, webhook_body(what, at, data)
      FROM webhooks h
      WHERE h.dealer_id = dealer AND h.disabled_at IS NULL AND what = ANY (h.events)
      RETURNING id),
  queued AS (INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM told RETURNING 1)
  SELECT count(*) FROM queued
$body$;

-- What happened to a wallet, for the webhooks of its dealer.
CREATE TYPE wallet_event AS (dealer uuid, event text, at timestamptz, data text, before bigint, after bigint);

-- How dealers show themselves in the mails to their customers.
CREATE TABLE brands (
  dealer_id uuid CONSTRAINT brands_pkey PRIMARY KEY CONSTRAINT brands_dealer REFERENCES dealers (id),
  name text NOT NULL,
  colour text NOT NULL,
  reply_to text,
  logo bytea
);
