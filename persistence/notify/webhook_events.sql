-- A webhook is told of a balance that crosses one of its thresholds downward, once for each
-- threshold. The dealer is mailed when the balance crosses the limit of the notices. Orders that
-- fail again and again move the balance up and down, so the dealer is mailed at most once in a
-- quarter of an hour.
-- name: tell_of_wallets
WITH happened AS (
  SELECT * FROM unnest($1::wallet_event[]) WITH ORDINALITY AS e(dealer, event, at, data, before, after, place)),
told AS (
  INSERT INTO webhook_messages (id, webhook_id, event, body)
  SELECT gen_random_uuid(), h.id, e.event, webhook_body(e.event, e.at, CASE e.event
    WHEN 'wallet.low_balance'
      THEN json_build_object('balance_usd', dollars(e.after), 'threshold_usd', dollars(l.low))
    ELSE e.data::json END)
  FROM happened e JOIN webhooks h ON h.dealer_id = e.dealer
  CROSS JOIN LATERAL unnest(CASE e.event
    WHEN 'wallet.low_balance' THEN h.low_balances_cents ELSE ARRAY[NULL]::bigint[] END) AS l(low)
  WHERE h.disabled_at IS NULL AND e.event = ANY (h.events)
    AND (l.low IS NULL OR (e.before >= l.low AND e.after < l.low))
  ORDER BY e.place, l.low DESC RETURNING id),
crossed AS (
  SELECT DISTINCT ON (e.dealer) e.dealer, e.after FROM happened e JOIN dealer_notices n ON n.dealer_id = e.dealer
  WHERE e.event = 'wallet.low_balance' AND e.before >= n.low_balance_cents AND e.after < n.low_balance_cents
  ORDER BY e.dealer, e.place),
due AS (
  SELECT n.dealer_id, n.language, c.after FROM crossed c JOIN dealer_notices n ON n.dealer_id = c.dealer
  WHERE n.balance_told_at < clock_timestamp() - interval '15 minutes' OR was_filled_since(n.dealer_id, n.balance_told_at)
  FOR NO KEY UPDATE OF n SKIP LOCKED),
marked AS (UPDATE dealer_notices n SET balance_told_at = clock_timestamp() FROM due u WHERE n.dealer_id = u.dealer_id),
mailed AS (
  INSERT INTO mails (id, recipient, kind, language, content)
  SELECT gen_random_uuid(), d.email, 'account-notice', u.language,
    jsonb_build_object('what', 'balance_low', 'detail', to_char(u.after / 100.0, 'FM999999999990.00'))
  FROM due u JOIN dealers d ON d.id = u.dealer_id RETURNING id)
INSERT INTO jobs (kind, subject) SELECT 'webhook', id FROM told UNION ALL SELECT 'mail', id FROM mailed;

-- name: tell_of_batches
SELECT tell_dealer(b.dealer_id, 'batch.completed', b.completed_at, json_build_object(
  'id', b.id, 'label', b.label, 'total_rows', b.total_rows, 'started_at', rfc3339(b.created_at),
  'completed_at', rfc3339(b.completed_at), 'paid_total_usd', dollars(b.unit_price_cents * b.total_rows),
  'cancelled', b.cancelled_rows,
  'used', b.used, 'available', b.available, 'invalid', b.invalid, 'error_count', b.error, 'unknown', b.unknown))
FROM batches b JOIN wallets w ON w.dealer_id = b.dealer_id
WHERE b.id = ANY ($1::uuid[]) AND b.completed_at IS NOT NULL AND b.source <> 'replacement' AND w.has_listeners;
