-- A batch is in progress once a node has its row.
-- part: shown_checks
SELECT c.id::text, c.dealer_id::text, i.iccid, c.decision,
  coalesce(v2.verdict, v.verdict, CASE WHEN b.next_row > 1 THEN 'in_progress' ELSE 'pending' END),
  coalesce(c.note, ''), coalesce(c.decided_by, ''), (extract(epoch FROM c.requested_at) * 1000000)::bigint,
  coalesce(n.id::text, ''), coalesce(n.iccid, ''), coalesce(n.lpa, ''), i.carrier, i.plan_type
FROM replacement_checks c
JOIN inventory i ON i.id = c.inventory_id
JOIN batches b ON b.id = c.first_batch
LEFT JOIN all_verdicts v ON v.batch_id = c.first_batch AND c.decision <> 'pending'
LEFT JOIN all_verdicts v2 ON v2.batch_id = c.second_batch AND c.decision <> 'pending'
LEFT JOIN inventory n ON n.id = c.replacement_id

-- name: find_check
-- use: shown_checks
WHERE c.id = :key::uuid;

-- name: find_open_check
-- use: shown_checks
WHERE c.inventory_id = :key::uuid AND c.decision NOT IN ('install_again', 'rejected');

-- name: list_reviews
-- use: shown_checks
WHERE c.decision = :key ORDER BY c.requested_at, c.id;

-- The lock makes requests for one eSIM take turns.
-- name: lock_sold_esim
SELECT i.id::text, s.usage_id FROM inventory i CROSS JOIN LATERAL (
  SELECT id FROM usages WHERE dealer_id = :dealer::uuid AND i.id = ANY (inventory_ids)
  UNION ALL
  SELECT usage_id FROM replacement_checks WHERE dealer_id = :dealer::uuid AND replacement_id = i.id) AS s(usage_id)
WHERE iccid_key(i.iccid) = iccid_key(:iccid::text) FOR UPDATE OF i;

-- name: insert_check
INSERT INTO replacement_checks (id, dealer_id, inventory_id, usage_id, first_batch)
VALUES (:id::uuid, :dealer::uuid, :inventory::uuid, :usage, :id::uuid);

-- name: insert_check_batch
INSERT INTO batches (id, dealer_id, source, label, unit_price_cents, total_rows, not_on, created_at)
SELECT :id::uuid, dealer_id, 'replacement', 'Replacement ' || id, 0, 1,
  coalesce((SELECT eid FROM devices WHERE name = :device), nullif(:device, '')), clock_timestamp()
FROM replacement_checks WHERE id = :check::uuid
ON CONFLICT DO NOTHING;

-- name: insert_check_row
INSERT INTO batch_rows (batch_id, row_number, iccid, lpa)
SELECT :id::uuid, 1, i.iccid, i.lpa FROM replacement_checks c JOIN inventory i ON i.id = c.inventory_id
WHERE c.id = :check::uuid
ON CONFLICT DO NOTHING;

-- name: set_second_batch
UPDATE replacement_checks SET second_batch = :batch::uuid WHERE id = :id::uuid;

-- If no second opinion has come by then, the operator decides. A verdict makes the job due earlier.
-- name: queue_end_of_patience
INSERT INTO jobs (kind, subject, run_at) VALUES ('replacement', :batch::uuid, now() + interval '15 minutes')
ON CONFLICT DO NOTHING;

-- name: lock_check
SELECT decision FROM replacement_checks WHERE id = :id::uuid FOR UPDATE;

-- name: find_check_dealer
SELECT dealer_id::text FROM replacement_checks WHERE id = :id::uuid;

-- name: set_decision
UPDATE replacement_checks
SET decision = :decision, decided_by = :by, note = nullif(:note, ''), decided_at = clock_timestamp()
WHERE id = :id::uuid;

-- name: burn_esim
UPDATE inventory SET is_burned = true WHERE id = (SELECT inventory_id FROM replacement_checks WHERE id = :id::uuid);

-- name: find_pool_of_check
SELECT i.carrier, i.plan_type FROM replacement_checks c JOIN inventory i ON i.id = c.inventory_id
WHERE c.id = :id::uuid;

-- A device that has been away for less than a day counts, and its opinion is waited for. So one device alone replaces nothing
-- while the other is out of order.
-- name: find_check_verdicts
SELECT c.id::text, c.decision, coalesce(v.verdict, ''), coalesce(v.device, ''), coalesce(v2.verdict, ''),
  coalesce(v2.device, ''), EXISTS (
    SELECT FROM devices d LEFT JOIN devices f ON f.name = v.device
    WHERE coalesce(d.eid, d.name) <> coalesce(f.eid, v.device, '') AND d.state <> 'drained'
      AND d.seen_at > now() - interval '1 day')::int,
  coalesce(c.second_batch = :batch::uuid, false)::int
FROM replacement_checks c
LEFT JOIN all_verdicts v ON v.batch_id = c.first_batch
LEFT JOIN all_verdicts v2 ON v2.batch_id = c.second_batch
WHERE c.first_batch = :batch::uuid OR c.second_batch = :batch::uuid;

-- Takes the newest rows. The pool sells the oldest first, so the two rarely choose the same one. If they do, the database
-- refuses one of them, which is then tried again. The view of the stock cannot be used, because its rows cannot be locked.
-- name: serve_waiting_checks
WITH waiting AS (
  SELECT c.id, c.usage_id, row_number() OVER (ORDER BY c.requested_at, c.id) AS turn
  FROM (
    SELECT c.id, c.usage_id, c.requested_at FROM replacement_checks c JOIN inventory i ON i.id = c.inventory_id
    WHERE c.decision = 'awaiting_restock' AND i.carrier = :carrier AND i.plan_type = :plan AND NOT is_held('sale', '')
    ORDER BY c.requested_at, c.id FOR UPDATE OF c SKIP LOCKED) AS c),
fresh AS (
  SELECT f.id, f.place, row_number() OVER (ORDER BY f.id DESC) AS turn
  FROM (
    SELECT i.id, i.place FROM inventory i
    WHERE i.carrier = :carrier AND i.plan_type = :plan AND NOT i.is_burned AND NOT EXISTS (
      SELECT FROM inventory_sold s
      WHERE s.block = i.place / 1024 AND get_bit(s.places, (i.place % 1024)::integer) = 1)
      AND NOT EXISTS (SELECT FROM stock_quarantine q WHERE iccid_key(q.iccid) = iccid_key(i.iccid))
    ORDER BY i.id DESC LIMIT (SELECT count(*) FROM waiting) FOR UPDATE OF i SKIP LOCKED) AS f),
pairs AS (
  SELECT w.id AS check_id, f.id AS inventory_id, f.place FROM waiting w JOIN fresh f USING (turn)),
sold AS (SELECT mark_sold(array_agg(place)) FROM pairs),
served AS (
  UPDATE replacement_checks c
  SET decision = 'replaced', replacement_id = p.inventory_id, decided_at = clock_timestamp()
  FROM pairs p WHERE c.id = p.check_id RETURNING c.id)
SELECT coalesce(string_agg(id::text, ','), '') FROM served CROSS JOIN sold;

-- name: tell_of_checks
SELECT tell_dealer(c.dealer_id, 'replacement.decided', clock_timestamp(), json_build_object(
  'check_id', c.id, 'iccid', i.iccid, 'decision', c.decision,
  'replacement', CASE WHEN n.id IS NOT NULL THEN json_build_object('iccid', n.iccid, 'inventory_id', n.id) END))
FROM replacement_checks c
JOIN inventory i ON i.id = c.inventory_id
LEFT JOIN inventory n ON n.id = c.replacement_id
JOIN wallets w ON w.dealer_id = c.dealer_id
WHERE c.id = ANY (:ids::uuid[]) AND c.decision <> 'pending' AND w.has_listeners;

-- name: browse_checks
SELECT to_micros(c.requested_at), c.id::text, json_build_object(
  'check_id', c.id, 'iccid', i.iccid, 'usage_id', c.usage_id, 'decision', c.decision,
  'validator_status',
    coalesce(v2.verdict, v.verdict, CASE WHEN b.next_row > 1 THEN 'in_progress' ELSE 'pending' END),
  'replacement', CASE WHEN n.id IS NOT NULL THEN json_build_object('iccid', n.iccid, 'lpa', n.lpa, 'inventory_id', n.id) END,
  'requested_at', rfc3339(c.requested_at), 'decided_at', rfc3339(c.decided_at))::text
FROM replacement_checks c
JOIN inventory i ON i.id = c.inventory_id
JOIN batches b ON b.id = c.first_batch
LEFT JOIN all_verdicts v ON v.batch_id = c.first_batch AND c.decision <> 'pending'
LEFT JOIN all_verdicts v2 ON v2.batch_id = c.second_batch AND c.decision <> 'pending'
LEFT JOIN inventory n ON n.id = c.replacement_id
WHERE (c.dealer_id, c.requested_at, c.id) < (:dealer::uuid, from_micros(:at), :id::uuid) AND c.dealer_id >= :dealer::uuid
ORDER BY c.dealer_id DESC, c.requested_at DESC, c.id DESC LIMIT :limit;
