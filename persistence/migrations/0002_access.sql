-- Who may come in.

CREATE TABLE dealers (
  id uuid CONSTRAINT dealers_pkey PRIMARY KEY,
  email text NOT NULL CONSTRAINT dealers_email_lower CHECK (email = lower(email)),
  company text NOT NULL,
  status text NOT NULL CONSTRAINT dealers_status CHECK (status IN ('pending', 'approved', 'suspended')),
  -- Only operators see it.
  suspended_because text CONSTRAINT dealers_suspended_because CHECK (suspended_because IS NULL OR status = 'suspended'),
  markup_basis_points integer NOT NULL DEFAULT 0 CONSTRAINT dealers_markup CHECK (markup_basis_points BETWEEN 0 AND 100000),
  resend_fee_cents bigint NOT NULL DEFAULT 100 CONSTRAINT dealers_resend_fee CHECK (resend_fee_cents >= 0),
  portal boolean NOT NULL DEFAULT false,
  password_hash text,
  token_epoch integer NOT NULL DEFAULT 0,
  -- Of the second factor (RFC 6238), in base 32; it counts once it is confirmed.
  totp_secret text,
  totp_confirmed_at timestamptz CONSTRAINT dealers_totp CHECK (totp_secret IS NOT NULL OR totp_confirmed_at IS NULL),
  -- The time step of the last code that was taken: a code is good once.
  totp_step bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT dealers_email_key UNIQUE (email)
);

-- What dealers have ordered on account and not paid yet. A dealer without a row has no limit, and
-- has ordered nothing on account.
CREATE TABLE credit_accounts (
  dealer_id uuid CONSTRAINT credit_accounts_pkey PRIMARY KEY CONSTRAINT credit_accounts_dealer REFERENCES dealers (id),
  -- NULL for no limit. A limit that was lowered may be below what is used.
  limit_cents bigint CONSTRAINT credit_accounts_limit CHECK (limit_cents >= 0),
  -- The price of the orders on account that have not failed, less the settlements.
  used_cents bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- What dealers have paid outside. Rows are only ever added; a negative one takes back what was booked wrongly.
CREATE TABLE settlements (
  id uuid CONSTRAINT settlements_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT settlements_dealer REFERENCES dealers (id),
  amount_cents bigint NOT NULL CONSTRAINT settlements_amount CHECK (amount_cents <> 0),
  reason text NOT NULL,
  used_after_cents bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX settlements_by_dealer ON settlements (dealer_id, created_at);
CREATE TRIGGER settlements_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON settlements
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE api_keys (
  hash bytea CONSTRAINT api_keys_pkey PRIMARY KEY CONSTRAINT api_keys_hash CHECK (length(hash) = 32),
  dealer_id uuid NOT NULL CONSTRAINT api_keys_dealer REFERENCES dealers (id),
  prefix text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz,
  label text NOT NULL DEFAULT '',
  -- As protocols/access/scopes.hpp has them: read, order, wallet, verify, manage.
  scopes smallint NOT NULL DEFAULT 31 CONSTRAINT api_keys_scopes CHECK (scopes BETWEEN 1 AND 31),
  expires_at timestamptz,
  -- From where it may come; from anywhere if there are none.
  networks text[] NOT NULL DEFAULT '{}',
  -- How it came about: by a one-time code, by an operator, or by another key. A key of the last
  -- kind cannot set a first password.
  origin text NOT NULL CONSTRAINT api_keys_origin CHECK (origin IN ('code', 'operator', 'key'))
);
CREATE INDEX api_keys_by_dealer ON api_keys (dealer_id, created_at);

-- The one code that a dealer can use now; another one takes its place.
CREATE TABLE otps (
  dealer_id uuid CONSTRAINT otps_pkey PRIMARY KEY CONSTRAINT otps_dealer REFERENCES dealers (id),
  code_hash bytea NOT NULL CONSTRAINT otps_hash CHECK (length(code_hash) = 32),
  expires_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0 CONSTRAINT otps_attempts CHECK (attempts BETWEEN 0 AND 5)
);

-- What makes guessing not worth while. It belongs to the account, whatever codes and addresses
-- come.
CREATE TABLE sign_in_guards (
  dealer_id uuid CONSTRAINT sign_in_guards_pkey PRIMARY KEY CONSTRAINT sign_in_guards_dealer REFERENCES dealers (id),
  -- When codes were mailed of late.
  code_mails timestamptz[] NOT NULL DEFAULT '{}',
  -- How many in a row; a right code begins anew.
  wrong_codes integer NOT NULL DEFAULT 0,
  codes_locked_until timestamptz NOT NULL DEFAULT '-infinity',
  wrong_passwords integer NOT NULL DEFAULT 0,
  passwords_paused_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- Where somebody has signed in to the account from: a lock does not hold there. Of IPv6 it is the network of a site.
CREATE TABLE sign_in_places (
  dealer_id uuid NOT NULL CONSTRAINT sign_in_places_dealer REFERENCES dealers (id),
  place inet NOT NULL,
  last_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sign_in_places_pkey PRIMARY KEY (dealer_id, place)
);

-- The place of a client's address.
CREATE FUNCTION sign_in_place(address text) RETURNS inet LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  CASE WHEN address = '' THEN NULL
    WHEN family(address::inet) = 6 THEN network(set_masklen(address::inet, 64))::inet ELSE address::inet END;

CREATE FUNCTION has_signed_in(dealer uuid, address text) RETURNS boolean LANGUAGE sql STABLE RETURN
  EXISTS (SELECT 1 FROM sign_in_places p
    WHERE p.dealer_id = dealer AND p.place = sign_in_place(address) AND p.last_at > now() - interval '180 days');

-- Sign-ins by password. A token names its session, and is good until it expires or the session is ended.
CREATE TABLE sessions (
  id uuid CONSTRAINT sessions_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL CONSTRAINT sessions_dealer REFERENCES dealers (id),
  audience text NOT NULL CONSTRAINT sessions_audience CHECK (audience IN ('dealer', 'portal')),
  address text NOT NULL,
  -- The dealer's token_epoch: a change of the password ends those before it.
  token_epoch integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_by_dealer ON sessions (dealer_id, created_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What stands for a code of the second factor, each once.
CREATE TABLE recovery_codes (
  hash bytea CONSTRAINT recovery_codes_pkey PRIMARY KEY CONSTRAINT recovery_codes_hash CHECK (length(hash) = 32),
  dealer_id uuid NOT NULL CONSTRAINT recovery_codes_dealer REFERENCES dealers (id)
);
CREATE INDEX recovery_codes_by_dealer ON recovery_codes (dealer_id);

-- Who did what: operators' changes and dealers' security events, in the commit of what they tell of. Rows are only ever added.
-- Their kinds are listed in protocols/access/audit.hpp, but for what the owner of the tables does (0013_archive.sql).
CREATE TABLE audit_events (
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL CONSTRAINT audit_events_actor CHECK (actor <> ''),
  address text NOT NULL,
  request_id text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  dealer_id uuid,
  -- Both are objects of what was changed. They hold no secrets.
  before jsonb,
  after jsonb,
  CONSTRAINT audit_events_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX audit_events_by_subject ON audit_events (subject, id);
CREATE INDEX audit_events_by_actor ON audit_events (actor, id);
CREATE INDEX audit_events_by_dealer ON audit_events (dealer_id, id);
CREATE TRIGGER audit_events_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT begin_months('audit_events');

-- What dealers' programs have asked for of late, for the dealers to look up. A reference to the dealer would lock its row.
CREATE TABLE dealer_requests (
  number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT dealer_requests_pkey PRIMARY KEY,
  dealer_id uuid NOT NULL,
  at timestamptz NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  status integer NOT NULL,
  request_id text NOT NULL,
  address text NOT NULL
);
CREATE INDEX dealer_requests_by_dealer ON dealer_requests (dealer_id, number);
CREATE INDEX dealer_requests_failed ON dealer_requests (dealer_id, number) WHERE status >= 400;
CREATE INDEX dealer_requests_by_age ON dealer_requests (at);

CREATE TYPE dealer_request AS (
  dealer_id uuid, at timestamptz, method text, path text, status integer, request_id text, address text);

CREATE TYPE audit_row AS (
  actor text, address text, request_id text, kind text, subject text, dealer_id uuid, before jsonb, after jsonb);

-- Nodes remember who a dealer is; each hears of a change once it is committed.
CREATE FUNCTION tell_of_dealer() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  dealer uuid;
BEGIN
  IF TG_TABLE_NAME = 'dealers' THEN
    dealer := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN
    dealer := OLD.dealer_id;
  ELSE
    dealer := NEW.dealer_id;
  END IF;
  PERFORM pg_notify('dealer_changed', dealer::text);
  RETURN NULL;
END
$body$;
CREATE TRIGGER dealers_tell AFTER UPDATE ON dealers FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tell_of_dealer();
CREATE TRIGGER api_keys_tell AFTER INSERT OR DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION tell_of_dealer();
