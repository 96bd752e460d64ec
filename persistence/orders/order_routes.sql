-- Only the holder of the order's job may write.
-- name: note_route
WITH held AS (
  SELECT subject FROM jobs WHERE kind = 'fulfil' AND subject = :id::uuid AND attempts = :attempt FOR UPDATE),
noted AS (
  INSERT INTO order_routes (order_id, unit, product, is_open)
  SELECT subject, :unit, :product, :open::integer = 1 FROM held
  ON CONFLICT (order_id, unit) DO UPDATE SET product = excluded.product, is_open = excluded.is_open, asked_at = now()
  RETURNING unit)
SELECT count(*) FROM noted;

-- A job that is due within a minute runs by itself or is being worked on: no lease is longer. A
-- reference names its order even if nothing is noted for the provider.
-- name: wake_for_news
WITH meant AS (
  SELECT left(i.reference, 36)::uuid AS id FROM provider_intents i
  WHERE i.provider = :provider
    AND ((:number <> '' AND i.provider_order = :number) OR (:reference <> '' AND i.reference = :reference))
  UNION
  SELECT CASE WHEN :reference::text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]+$'
    THEN left(:reference::text, 36)::uuid END),
orders_due AS (
  UPDATE jobs SET run_at = now()
  WHERE kind = 'fulfil' AND subject IN (SELECT id FROM meant) AND run_at > now() + interval '1 minute'
  RETURNING subject),
esims_due AS (
  UPDATE jobs SET run_at = now()
  WHERE kind = 'esim' AND run_at > now() + interval '1 minute' AND :iccid <> ''
    AND subject IN (SELECT order_id FROM order_esims WHERE iccid_key(iccid) = iccid_key(:iccid::text))
  RETURNING subject)
SELECT (SELECT count(*) FROM orders_due) + (SELECT count(*) FROM esims_due);
