-- Whether the dealer is followed for some time to come, so that nothing has to be changed.
-- name: is_followed
SELECT f.since::text FROM event_followers f JOIN wallets w ON w.dealer_id = f.dealer_id
WHERE f.dealer_id = :dealer::uuid AND f.until > clock_timestamp() + interval '5 minutes' AND w.has_listeners;

-- A commit of the wallet comes either before this transaction or after it, and then the wallet
-- tells of orders.
-- name: lock_followed_wallet
SELECT 1 FROM wallets WHERE dealer_id = :dealer::uuid FOR UPDATE;

-- name: keep_events
INSERT INTO event_followers AS f (dealer_id, since, until)
VALUES (:dealer::uuid, pg_snapshot_xmin(pg_current_snapshot()), clock_timestamp() + interval '15 minutes')
ON CONFLICT (dealer_id) DO UPDATE SET until = excluded.until,
  since = CASE WHEN f.until < clock_timestamp() THEN excluded.since ELSE f.since END
RETURNING since::text;

-- name: note_follower
UPDATE wallets SET has_listeners = true WHERE dealer_id = :dealer::uuid AND NOT has_listeners;

-- name: find_event_position
SELECT pg_snapshot_xmin(pg_current_snapshot())::text;

-- For each follower, what comes after its position. Nothing is told past the oldest transaction
-- under way, because it may still tell of something.
-- name: load_events
SELECT f.place::int, e.transaction::text, e.number, e.event, e.body
FROM unnest(:dealers::uuid[], :transactions::text[], :numbers::bigint[])
  WITH ORDINALITY AS f(dealer, transaction, number, place)
CROSS JOIN LATERAL (
  SELECT * FROM dealer_events
  WHERE dealer_id = f.dealer AND (dealer_events.transaction, dealer_events.number) > (f.transaction::xid8, f.number)
    AND dealer_events.transaction < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY dealer_events.transaction, dealer_events.number LIMIT 100) AS e
ORDER BY f.place, e.transaction, e.number;

-- name: load_followed_states
SELECT f.place::int, w.version, json_build_object('balance_usd', dollars(w.balance_cents))::text, b.done, b.batches::text
FROM unnest(:dealers::uuid[]) WITH ORDINALITY AS f(dealer, place)
JOIN wallets w ON w.dealer_id = f.dealer
CROSS JOIN LATERAL (
  SELECT coalesce(sum(used + available + invalid + error + unknown), 0)::bigint AS done,
    json_build_object('batches', coalesce(json_agg(json_build_object('id', id, 'label', label, 'total_rows', total_rows,
      'done', used + available + invalid + error + unknown, 'used', used, 'available', available, 'invalid', invalid,
      'error_count', error, 'unknown', unknown) ORDER BY created_at), '[]')) AS batches
  FROM (SELECT * FROM batches WHERE dealer_id = f.dealer AND completed_at IS NULL AND source <> 'replacement'
    ORDER BY created_at DESC, id DESC LIMIT 50) AS running) AS b;

-- A follower that has not read all that was deleted has missed something.
-- name: forget_events
WITH gone AS (
  DELETE FROM dealer_events WHERE created_at < clock_timestamp() - interval '1 hour' RETURNING dealer_id, transaction),
last AS (SELECT DISTINCT ON (dealer_id) dealer_id, transaction FROM gone ORDER BY dealer_id, transaction DESC)
UPDATE event_followers f SET since = l.transaction FROM last l WHERE f.dealer_id = l.dealer_id AND f.since < l.transaction;

-- Dealers whom nobody follows any more. Their wallets go on telling of orders until a webhook of theirs changes.
-- name: forget_followers
DELETE FROM event_followers WHERE until < clock_timestamp() - interval '1 hour';
