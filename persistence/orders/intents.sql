-- Two nodes that ask for the same product take turns.
-- name: lock_product
SELECT count(*) FROM (SELECT pg_advisory_xact_lock(hashtextextended(:provider || ' ' || :product, 0))) AS held;

-- An order whose fate nobody knows holds up no others after an hour, because what they buy then
-- cannot be its purchase.
-- name: begin_intent
WITH held AS (
  SELECT count(*) AS n FROM provider_intents
  WHERE :alone::int = 1 AND provider = :provider::text AND product = :product::text AND provider_order IS NULL
    AND reference <> :reference::text AND asked_at > now() - interval '1 hour'),
added AS (
  INSERT INTO provider_intents (provider, reference, product)
  SELECT :provider::text, :reference::text, :product::text FROM held WHERE n = 0 AND :again::bigint = 0
  ON CONFLICT (provider, reference) DO NOTHING RETURNING reference),
renewed AS (
  UPDATE provider_intents SET asked_at = clock_timestamp() FROM held
  WHERE n = 0 AND provider = :provider::text AND reference = :reference::text AND provider_order IS NULL
    AND (extract(epoch FROM asked_at) * 1000000)::bigint = :again::bigint
  RETURNING reference)
SELECT (SELECT count(*) FROM added) + (SELECT count(*) FROM renewed), n FROM held;

-- name: find_intent
SELECT (extract(epoch FROM asked_at) * 1000000)::bigint,
  greatest(extract(epoch FROM clock_timestamp() - asked_at) * 1000, 0)::bigint, coalesce(provider_order, '')
FROM provider_intents WHERE provider = :provider AND reference = :reference;

-- name: claim_provider_order
WITH free AS (
  SELECT DISTINCT c.name FROM jsonb_array_elements_text(:candidates::jsonb) AS c(name)
  WHERE NOT EXISTS (
    SELECT FROM provider_intents i
    WHERE i.provider = :provider::text AND i.provider_order = c.name AND i.reference <> :reference::text)),
claimed AS (
  UPDATE provider_intents SET provider_order = (SELECT min(name) FROM free)
  WHERE provider = :provider::text AND reference = :reference::text AND (SELECT count(*) FROM free) = 1
  RETURNING provider_order)
SELECT (SELECT count(*) FROM free), coalesce((SELECT provider_order FROM claimed), '');

-- name: end_intent
DELETE FROM provider_intents WHERE provider = :provider AND reference = :reference AND provider_order IS NULL;

-- An old intent is needed no more, unless an order for the same product is still open. That order
-- would otherwise take another order's purchase for its own.
-- name: forget_old_intents
WITH open AS (
  SELECT i.provider, i.product FROM provider_intents i
  JOIN jobs j ON j.kind = 'fulfil' AND j.subject::text = left(i.reference, 36)
  WHERE i.asked_at < now() - interval '90 days'),
old AS (
  SELECT i.provider, i.reference FROM provider_intents i
  WHERE i.asked_at < now() - interval '90 days'
    AND NOT EXISTS (SELECT FROM open o WHERE o.provider = i.provider AND o.product = i.product)
  ORDER BY i.asked_at LIMIT 5000)
DELETE FROM provider_intents i USING old WHERE i.provider = old.provider AND i.reference = old.reference;
