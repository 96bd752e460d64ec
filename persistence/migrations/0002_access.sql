-- Who may come in.

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
