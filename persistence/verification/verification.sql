-- A batch is complete once each of its rows has a verdict.
-- name: move_counters
UPDATE batches b SET leased_rows = b.leased_rows - e.done, available = b.available + e.available,
  used = b.used + e.used, invalid = b.invalid + e.invalid, error = b.error + e.error, unknown = b.unknown + e.unknown,
  completed_at = CASE
    WHEN b.available + b.used + b.invalid + b.error + b.unknown + e.done = b.total_rows THEN now() END
FROM (
  SELECT * FROM unnest(:ids::uuid[], :available::integer[], :used::integer[], :invalid::integer[], :error::integer[],
    :unknown::integer[], :done::integer[]) AS e(id, available, used, invalid, error, unknown, done)) AS e
WHERE b.id = e.id
RETURNING b.id::text, (b.completed_at IS NOT NULL)::int, (b.error > b.refunded_rows AND b.unit_price_cents > 0)::int,
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

-- name: list_known_verdicts
SELECT v.batch_id::text, v.row_number FROM verdicts v
JOIN unnest(:batches::uuid[], :rows::integer[]) AS e(id, number) ON v.batch_id = e.id AND v.row_number = e.number;

-- name: find_refund_due
SELECT dealer_id::text, unit_price_cents FROM batches WHERE id = :id::uuid;

-- name: list_rows_owed
SELECT v.row_number FROM verdicts v
WHERE v.batch_id = :id::uuid AND v.verdict = 'error' AND NOT EXISTS (
  SELECT FROM row_refunds r WHERE r.batch_id = v.batch_id AND r.row_number = v.row_number)
ORDER BY v.row_number;

-- name: lock_rows_owed
SELECT error - refunded_rows FROM batches WHERE id = :id::uuid FOR UPDATE;
