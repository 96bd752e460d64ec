-- Notes and returns what the dealer has not been told of a unit yet. An answer that says less than
-- the one before takes nothing back.
-- name: note_usage
WITH known AS (
  SELECT e.order_id, e.unit, e.iccid, e.installed_at, e.percent_told, e.days_told, o.dealer_id, o.customer_reference
  FROM order_esims e JOIN orders o ON o.id = e.order_id
  WHERE e.order_id = :id::uuid AND e.unit = :unit FOR UPDATE OF e),
noted AS (
  UPDATE order_esims e SET percent_told = CASE WHEN :allowance::bigint > 0 THEN :percent ELSE e.percent_told END,
    days_told = CASE WHEN :days > 0 THEN :days ELSE e.days_told END,
    installed_at = coalesce(e.installed_at, CASE WHEN :installed = 1 THEN now() END)
  FROM known k WHERE e.order_id = k.order_id AND e.unit = k.unit),
news AS (
  SELECT 'esim.installed' AS event FROM known WHERE :installed = 1 AND installed_at IS NULL
  UNION ALL SELECT 'esim.data_low' FROM known WHERE :percent > percent_told
  UNION ALL SELECT 'esim.expiring' FROM known WHERE :days > 0 AND :days < coalesce(days_told, 4))
SELECT coalesce(sum(tell_dealer(k.dealer_id, n.event, now(), json_build_object(
  'order_id', k.order_id, 'unit', k.unit, 'iccid', k.iccid, 'customer_reference', k.customer_reference,
  'percent_used', :percent::integer, 'used_mb', :used::bigint, 'allowance_mb', nullif(:allowance::bigint, 0),
  'days_left', nullif(:days::integer, 0), 'expires_at', rfc3339(from_micros(nullif(:expiry::bigint, 0)))))), 0)::bigint
FROM news n CROSS JOIN known k;

-- name: ask_again
UPDATE jobs SET run_at = now() + :pause * interval '1 second', failing_since = NULL, last_error = NULL
WHERE kind = 'esim' AND subject = :id::uuid AND attempts = :attempt;
