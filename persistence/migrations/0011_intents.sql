-- What providers were asked for, where asking twice may buy twice. A row is there before its provider is asked. It stays when
-- the order is bought, so that no other order takes the same purchase for its own, and goes when it certainly was not.
CREATE TABLE provider_intents (
  provider text NOT NULL,
  reference text NOT NULL,
  product text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What the provider calls the order, once that is known.
  provider_order text,
  CONSTRAINT provider_intents_pkey PRIMARY KEY (provider, reference),
  CONSTRAINT provider_intents_one_order UNIQUE (provider, provider_order)
);
CREATE INDEX provider_intents_by_time ON provider_intents (asked_at);
CREATE INDEX provider_intents_open ON provider_intents (provider, product) WHERE provider_order IS NULL;
