-- The people who run the service.

CREATE TABLE operators (
  email text CONSTRAINT operators_pkey PRIMARY KEY CONSTRAINT operators_email_lower CHECK (email = lower(email)),
  role text NOT NULL CONSTRAINT operators_role CHECK (role IN ('viewer', 'support', 'finance', 'admin')),
  password_hash text NOT NULL,
  -- What one-time codes come from (RFC 6238), in base 32, if they are asked for, and the step of the last one that was used.
  totp_secret text,
  totp_step bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz
);

CREATE TABLE operator_sessions (
  token_hash bytea CONSTRAINT operator_sessions_pkey PRIMARY KEY
    CONSTRAINT operator_sessions_hash CHECK (length(token_hash) = 32),
  operator text NOT NULL CONSTRAINT operator_sessions_operator REFERENCES operators (email),
  expires_at timestamptz NOT NULL
);
CREATE INDEX operator_sessions_by_operator ON operator_sessions (operator);

-- What scripts show in place of a session. `automation` is who has the admin token, which is no row's.
CREATE TABLE operator_tokens (
  name text CONSTRAINT operator_tokens_pkey PRIMARY KEY,
  role text NOT NULL CONSTRAINT operator_tokens_role CHECK (role IN ('viewer', 'support', 'finance', 'admin')),
  token_hash bytea CONSTRAINT operator_tokens_hash_key UNIQUE
    CONSTRAINT operator_tokens_hash CHECK (length(token_hash) = 32),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  disabled_at timestamptz,
  CONSTRAINT operator_tokens_end CHECK ((token_hash IS NULL) = (expires_at IS NULL)),
  CONSTRAINT operator_tokens_automation CHECK ((token_hash IS NULL) = (name = 'automation'))
);
INSERT INTO operator_tokens (name, role, created_by) VALUES ('automation', 'admin', 'service');

-- Whether only this operator can let others in: nobody else has the role admin, and `automation` is disabled.
CREATE FUNCTION is_last_way_in(operator text) RETURNS boolean LANGUAGE sql STABLE RETURN
  EXISTS (SELECT FROM operator_tokens WHERE name = 'automation' AND disabled_at IS NOT NULL)
  AND EXISTS (SELECT FROM operators WHERE email = operator AND role = 'admin' AND disabled_at IS NULL)
  AND NOT EXISTS (SELECT FROM operators WHERE email <> operator AND role = 'admin' AND disabled_at IS NULL);

-- Tries to sign in since the last that succeeded, under any address: one that is nobody's is slowed
-- down like the others.
CREATE TABLE operator_tries (
  email text CONSTRAINT operator_tries_pkey PRIMARY KEY,
  tries integer NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX operator_tries_by_time ON operator_tries (last_at);

-- From the fourth try on each has to wait twice as long as the one before, up to a quarter of an hour.
CREATE FUNCTION sign_in_pause(tries integer) RETURNS interval LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN tries < 3 THEN interval '0' ELSE least(900, 2 ^ least(tries - 3, 12)) * interval '1 second' END;

-- What operators have to say about an order.
CREATE TABLE order_notes (
  id uuid CONSTRAINT order_notes_pkey PRIMARY KEY,
  order_id uuid NOT NULL CONSTRAINT order_notes_order REFERENCES orders (id),
  author text NOT NULL,
  note text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_notes_by_order ON order_notes (order_id);

-- Secrets on their way to all nodes, each the latest of its name, sealed under a key that the nodes have in a file and this
-- database does not: the key that signs tokens, and those that an operator has changed.
CREATE TABLE node_keys (
  name text CONSTRAINT node_keys_pkey PRIMARY KEY,
  id text NOT NULL,
  sealed text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  -- Until when the one before it holds.
  former_until timestamptz NOT NULL DEFAULT now()
);
