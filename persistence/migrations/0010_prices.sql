-- What things cost dealers: rules, of which the most exact one that has begun wins (protocols/supply/price_rules.hpp).

-- What a rule is for, as one text.
CREATE FUNCTION price_scope(dealer uuid, country text, product text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(dealer::text, '') || ' ' || country || ' ' || product;

CREATE TABLE price_rules (
  id uuid CONSTRAINT price_rules_pkey PRIMARY KEY,
  -- In the order in which they were set.
  number bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT price_rules_number_key UNIQUE,
  dealer_id uuid CONSTRAINT price_rules_dealer REFERENCES dealers (id),
  -- Empty for any.
  country text NOT NULL,
  product text NOT NULL,
  scope text NOT NULL GENERATED ALWAYS AS (price_scope(dealer_id, country, product)) STORED,
  price_cents bigint CONSTRAINT price_rules_price CHECK (price_cents BETWEEN 1 AND 1000000000),
  markup_basis_points integer CONSTRAINT price_rules_markup CHECK (markup_basis_points BETWEEN 0 AND 100000),
  -- Whether it is meant that the price may be below the cost.
  below_cost boolean NOT NULL DEFAULT false,
  starts_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  -- From then on it counts no more.
  ended_at timestamptz,
  CONSTRAINT price_rules_one_way CHECK (num_nonnulls(price_cents, markup_basis_points) = 1),
  -- One price for many things would be a mistake.
  CONSTRAINT price_rules_price_of_product CHECK (price_cents IS NULL OR product <> ''),
  CONSTRAINT price_rules_one_place CHECK (country = '' OR product = '')
);
CREATE INDEX price_rules_by_scope ON price_rules (scope, starts_at, number);

-- What was charged follows from rules as they were, so a rule never changes, except that it ends
-- once.
CREATE FUNCTION keep_price_rule() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF OLD.ended_at IS NOT NULL OR to_jsonb(NEW) - 'ended_at' <> to_jsonb(OLD) - 'ended_at' THEN
    RAISE EXCEPTION 'rules of prices are never changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$body$;
CREATE TRIGGER price_rules_stay AFTER UPDATE ON price_rules FOR EACH ROW EXECUTE FUNCTION keep_price_rule();
CREATE TRIGGER price_rules_are_final BEFORE DELETE OR TRUNCATE ON price_rules
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Rules as operators see them. One is replaced by a later one for the same that has begun.
CREATE VIEW price_rule_lines AS
  SELECT r.id, r.number, r.dealer_id, r.country, r.product, s.state,
    -- What it is about, for the log of changes.
    coalesce(nullif(r.product, ''), nullif(r.country, ''), d.email, 'default') AS subject, json_build_object(
    'id', r.id, 'dealer', d.email, 'country', nullif(r.country, ''), 'product', nullif(r.product, ''),
    'priceUsd', dollars(r.price_cents), 'markupPct', dollars(r.markup_basis_points),
    'belowCost', r.below_cost, 'from', rfc3339(r.starts_at), 'state', s.state, 'endedAt', rfc3339(r.ended_at),
    'createdAt', rfc3339(r.created_at), 'createdBy', r.created_by)::text AS line
  FROM price_rules r
  LEFT JOIN dealers d ON d.id = r.dealer_id
  CROSS JOIN LATERAL (SELECT CASE
    WHEN r.ended_at IS NOT NULL THEN 'ended'
    WHEN r.starts_at > clock_timestamp() THEN 'scheduled'
    WHEN EXISTS (SELECT FROM price_rules n
      WHERE n.scope = r.scope AND (n.starts_at, n.number) > (r.starts_at, r.number)
        AND n.starts_at <= clock_timestamp() AND n.ended_at IS NULL) THEN 'replaced'
    ELSE 'active' END) AS s (state);
