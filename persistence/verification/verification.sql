-- A batch is complete once each of its rows has a verdict, or was cancelled.
-- name: move_counters
UPDATE batches b SET leased_rows = b.leased_rows - e.done, available = b.available + e.available,
  used = b.used + e.used, invalid = b.invalid + e.invalid, error = b.error + e.error, unknown = b.unknown + e.unknown,
  completed_at = CASE
    WHEN b.available + b.used + b.invalid + b.error + b.unknown + e.done = b.total_rows - b.cancelled_rows THEN now() END
FROM (
  SELECT * FROM unnest(:ids::uuid[], :available::integer[], :used::integer[], :invalid::integer[], :error::integer[],
    :unknown::integer[], :done::integer[]) AS e(id, available, used, invalid, error, unknown, done)) AS e
WHERE b.id = e.id
RETURNING b.id::text, (b.completed_at IS NOT NULL)::int, (b.error + b.cancelled_rows > b.refunded_rows AND b.unit_price_cents > 0)::int,
  coalesce(b.notify_email, ''), (b.source = 'replacement')::int;

-- name: queue_jobs_about_batches
INSERT INTO jobs (kind, subject, run_at)
SELECT e.kind, e.subject, now() + e.delay * interval '1 second'
FROM unnest($1::later_job[]) AS e
ON CONFLICT (kind, subject) DO UPDATE SET run_at = least(jobs.run_at, excluded.run_at);

-- name: insert_verdicts
INSERT INTO verdicts {columns} FROM unnest($1::verdict_row[]);

-- name: insert_attempts
INSERT INTO check_attempts {columns} FROM unnest($1::attempt_row[])
ON CONFLICT DO NOTHING;

-- All writers go through the codes in one order.
-- name: note_checked_codes
INSERT INTO checked_codes AS c (code, batch_id, row_number, checked_at)
SELECT DISTINCT ON (code) code, batch_id, row_number, checked_at FROM unnest($1::checked_code[])
ORDER BY code, checked_at DESC
ON CONFLICT (code) DO UPDATE SET batch_id = excluded.batch_id, row_number = excluded.row_number, checked_at = excluded.checked_at
WHERE c.checked_at IS NULL OR c.checked_at < excluded.checked_at;

-- name: list_known_verdicts
SELECT v.batch_id::text, v.row_number FROM verdicts v
JOIN unnest(:batches::uuid[], :rows::integer[]) AS e(id, number) ON v.batch_id = e.id AND v.row_number = e.number;

-- name: find_refund_due
SELECT dealer_id::text, unit_price_cents FROM batches WHERE id = :id::uuid;

-- Rows whose verdict is an error, and rows that were cancelled before anybody had begun with them.
-- name: list_rows_owed
SELECT o.row_number FROM (
  SELECT row_number FROM verdicts WHERE batch_id = :id::uuid AND verdict = 'error'
  UNION ALL
  SELECT r.row_number FROM batches b JOIN batch_rows r ON r.batch_id = b.id AND r.row_number >= b.cancelled_from
  WHERE b.id = :id::uuid AND NOT EXISTS (
    SELECT FROM verdicts v WHERE v.batch_id = b.id AND v.row_number = r.row_number)) AS o(row_number)
WHERE NOT EXISTS (SELECT FROM row_refunds f WHERE f.batch_id = :id::uuid AND f.row_number = o.row_number)
ORDER BY o.row_number;

-- name: lock_rows_owed
SELECT error + cancelled_rows - refunded_rows FROM batches WHERE id = :id::uuid FOR UPDATE;

-- A node that is leasing rows of it goes first.
-- name: lock_own_batch
SELECT (completed_at IS NOT NULL)::int, (cancelled_from IS NOT NULL)::int FROM batches
WHERE id = :id::uuid AND (:dealer = '' OR dealer_id = nullif(:dealer, '')::uuid) AND source <> 'replacement' FOR UPDATE;

-- Rows that are no codes have had their verdict from the beginning.
-- name: cancel_batch
UPDATE batches b SET cancelled_from = b.next_row, cancelled_rows = n.open, next_row = b.total_rows + 1,
  completed_at = CASE
    WHEN b.available + b.used + b.invalid + b.error + b.unknown = b.total_rows - n.open THEN now() END
FROM (
  SELECT b.total_rows - b.next_row + 1 - (
    SELECT count(*) FROM verdicts v WHERE v.batch_id = b.id AND v.row_number >= b.next_row)::integer
  FROM batches b WHERE b.id = :id::uuid) AS n(open)
WHERE b.id = :id::uuid
RETURNING b.id::text, (b.completed_at IS NOT NULL)::int, (b.error + b.cancelled_rows > b.refunded_rows
  AND b.unit_price_cents > 0)::int, coalesce(b.notify_email, ''), 0;
