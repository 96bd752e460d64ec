-- The rows are named by where they lie: joined by their keys, statistics of an empty queue would have each of them looked for
-- among all.
-- name: take_due_jobs
UPDATE jobs SET run_at = now() + :lease * interval '1 second', attempts = attempts + 1
WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM jobs WHERE kind = :kind AND run_at <= now() ORDER BY run_at LIMIT :count FOR UPDATE SKIP LOCKED))
RETURNING subject::text, attempts;

-- name: postpone_job
UPDATE jobs SET run_at = now() + :delay * interval '1 second', last_error = coalesce(nullif(:error, ''), last_error)
WHERE kind = :kind AND subject = :subject::uuid;

-- name: end_job
DELETE FROM jobs WHERE kind = :kind AND subject = :subject::uuid;

-- name: insert_jobs
INSERT INTO jobs {columns} FROM unnest($1::job_row[]);
