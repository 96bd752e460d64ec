-- name: take_over_leases
UPDATE row_leases l SET owner = :owner, generation = generation + 1, interruptions = interruptions + 1,
  lease_until = now() + :seconds * interval '1 second'
FROM (
  SELECT d.id FROM row_leases d JOIN batches b ON b.id = d.batch_id
  WHERE d.lease_until < now() AND (b.not_on IS NULL OR NOT :devices::text[] <@ ARRAY[b.not_on])
  ORDER BY d.lease_until LIMIT :leases FOR UPDATE OF d SKIP LOCKED) AS due
WHERE l.id = due.id
RETURNING l.id::text, l.batch_id::text, l.first_row, l.last_row, l.generation, l.interruptions;

-- Chooses the next batch of each of the dealers that have waited longest. Urgent batches come first.
-- name: choose_batches
WITH open AS (
  SELECT id, dealer_id, source, last_leased_at, max(last_leased_at) OVER (PARTITION BY dealer_id) AS served
  FROM batches WHERE next_row <= total_rows AND (not_on IS NULL OR NOT :devices::text[] <@ ARRAY[not_on])),
turns AS (
  SELECT DISTINCT ON (dealer_id) id, served FROM open
  ORDER BY dealer_id, (source = 'replacement') DESC, last_leased_at NULLS FIRST, id)
SELECT b.id::text, b.next_row, b.total_rows FROM batches b JOIN turns t ON t.id = b.id
WHERE b.next_row <= b.total_rows
ORDER BY (b.source = 'replacement') DESC, t.served NULLS FIRST, b.id LIMIT :count FOR UPDATE OF b SKIP LOCKED;

-- name: list_open_rows
SELECT g.place, r.row_number, r.lpa, (
  SELECT count(*) FROM check_attempts a WHERE a.batch_id = r.batch_id AND a.row_number = r.row_number)::integer
FROM unnest(:batches::uuid[], :firsts::integer[], :lasts::integer[])
  WITH ORDINALITY AS g(batch_id, first, last, place)
JOIN batch_rows r ON r.batch_id = g.batch_id AND r.row_number BETWEEN g.first AND g.last
WHERE NOT EXISTS (SELECT FROM verdicts v WHERE v.batch_id = r.batch_id AND v.row_number = r.row_number)
ORDER BY g.place, r.row_number;

-- A range without open rows gets no lease: its batch only moves on.
-- name: insert_leases
WITH fresh AS (SELECT * FROM unnest($1::lease_row[])),
moved AS (
  UPDATE batches b SET next_row = f.last_row + 1, leased_rows = b.leased_rows + f.open_rows,
    last_leased_at = clock_timestamp()
  FROM fresh f WHERE b.id = f.batch_id)
INSERT INTO row_leases (id, batch_id, first_row, last_row, open_rows, owner, lease_until)
SELECT id, batch_id, first_row, last_row, open_rows, owner, now() + seconds * interval '1 second'
FROM fresh WHERE open_rows > 0;

-- name: list_batch_owners
SELECT id::text, dealer_id::text, (source = 'replacement')::int, coalesce(not_on, ''), max_age_seconds
FROM batches WHERE id = ANY (:ids::uuid[]);

-- A lease of 0 seconds is given back in good order. Its next owner will count an interruption;
-- since this is none, it is taken off here.
-- name: renew_leases
UPDATE row_leases l SET lease_until = now() + e.seconds * interval '1 second',
  interruptions = l.interruptions - (e.seconds = 0)::int
FROM unnest($1::kept_lease[]) AS e WHERE l.id = e.id AND l.generation = e.generation;

-- name: list_earlier_verdicts
SELECT e.place, v.verdict, coalesce(v.reason, ''), coalesce(v.iccid, ''), coalesce(v.device, ''), coalesce(v.stage, ''),
  coalesce(v.codes, ''), coalesce(v.http_status, 0), coalesce(v.host, ''), coalesce(to_micros(v.begun_at), 0),
  to_micros(v.checked_at)
FROM unnest(:codes::text[], :ages::integer[]) WITH ORDINALITY AS e(code, age, place)
JOIN checked_codes c ON c.code = e.code AND c.checked_at > now() - e.age * interval '1 second'
JOIN verdicts v ON v.batch_id = c.batch_id AND v.row_number = c.row_number;

-- name: lock_leases
SELECT l.id FROM row_leases l JOIN unnest($1::kept_lease[]) AS e ON l.id = e.id AND l.generation = e.generation
ORDER BY l.id FOR UPDATE OF l;

-- A lease whose rows are all done goes.
-- name: shrink_leases
WITH worked AS (SELECT * FROM unnest($1::worked_lease[])),
shrunk AS (
  UPDATE row_leases l SET open_rows = open_rows - e.done, lease_until = now() + e.seconds * interval '1 second'
  FROM worked e WHERE l.id = e.id AND l.open_rows > e.done)
DELETE FROM row_leases l USING worked e WHERE l.id = e.id AND l.open_rows <= e.done;
