-- The rows are found again by their place in the table (ctid). If they were joined by their keys,
-- with the statistics of an empty queue, PostgreSQL would search all rows for each of them. A job
-- that was taken before has failed, although its worker may not have lived to say so.
-- name: take_due_jobs
UPDATE jobs SET run_at = now() + :lease * interval '1 second', attempts = attempts + 1,
  failing_since = CASE WHEN attempts > 0 THEN coalesce(failing_since, run_at) END
WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM jobs WHERE kind = :kind AND lane = :lane AND run_at <= now() AND NOT is_held(:kind, :lane)
  ORDER BY run_at LIMIT :count FOR UPDATE SKIP LOCKED))
RETURNING subject::text, attempts;

-- Takes from all lanes but these, which are separated by commas.
-- name: take_due_jobs_elsewhere
UPDATE jobs SET run_at = now() + :lease * interval '1 second', attempts = attempts + 1,
  failing_since = CASE WHEN attempts > 0 THEN coalesce(failing_since, run_at) END
WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM jobs WHERE kind = :kind AND lane <> ALL (string_to_array(:lane, ',')) AND run_at <= now()
    AND NOT is_held(:kind, lane)
  ORDER BY run_at LIMIT :count FOR UPDATE SKIP LOCKED))
RETURNING subject::text, attempts;

-- Each try of an order is kept, for its timeline.
-- name: postpone_job
WITH postponed AS (
  UPDATE jobs SET run_at = now() + :delay * interval '1 second', last_error = coalesce(nullif(:error, ''), last_error),
    failing_since = CASE WHEN :error = '' THEN failing_since ELSE coalesce(failing_since, now()) END
  WHERE kind = :kind AND subject = :subject::uuid AND attempts = :attempts RETURNING kind, subject, attempts)
INSERT INTO order_tries (order_id, attempt, at, words)
SELECT o.id, p.attempts, now(), :error FROM postponed p JOIN orders o ON o.id = p.subject
WHERE p.kind = 'fulfil' AND :error <> ''
ON CONFLICT (order_id, attempt) DO UPDATE SET at = excluded.at, words = excluded.words;

-- If its worker has postponed the job meanwhile, the later time holds.
-- name: keep_job
UPDATE jobs SET run_at = greatest(run_at, now() + :lease * interval '1 second')
WHERE kind = :kind AND subject = :subject::uuid AND attempts = :attempts;

-- name: count_jobs
SELECT kind, count(*),
  greatest(0, extract(epoch FROM now() - min(least(run_at, coalesce(failing_since, run_at)))))::bigint
FROM jobs GROUP BY kind;

-- name: count_stuck_orders
SELECT count(*) FROM jobs WHERE kind = 'fulfil' AND failing_since <= now() - :stuck * interval '1 second';

-- name: hold_all
INSERT INTO job_holds (kind, lane, reason) VALUES ('*', '*', :reason) ON CONFLICT DO NOTHING;

-- The numbers of orders that the database has lost are not given to other orders, because people
-- may still quote their short ids. So many numbers are passed over.
-- name: pass_over_order_numbers
SELECT (SELECT max(nextval('order_number_blocks')) FROM generate_series(1, 20000)),
  (SELECT max(nextval('account_order_numbers')) FROM generate_series(1, 500000));

-- name: note_restore
UPDATE service SET restored_at = clock_timestamp(), known_until = (
  SELECT greatest((SELECT max(created_at) FROM orders), (SELECT max(created_at) FROM mails),
    (SELECT max(created_at) FROM stripe_payments), (SELECT created_at FROM usages ORDER BY id DESC LIMIT 1),
    (SELECT at FROM audit_events ORDER BY id DESC LIMIT 1)));

-- name: count_what_else
SELECT (SELECT count(*) FROM mails WHERE failure IS NOT NULL),
  (SELECT count(*) FROM webhook_messages WHERE failed_at IS NOT NULL), is_held('*', '*')::int,
  coalesce((SELECT extract(epoch FROM now() - max(proved_at))::bigint FROM ledger_proved), -1),
  (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
  coalesce((SELECT extract(epoch FROM max(clock_timestamp() - state_change)) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'SyncRep'), 0)::double precision,
  coalesce((SELECT max(of_lot.claims) FROM (
    SELECT count(*) AS claims FROM replacement_checks c JOIN inventory i ON i.id = c.inventory_id
    WHERE c.requested_at > now() - interval '1 day' AND c.decision NOT IN ('install_again', 'rejected')
      AND NOT EXISTS (SELECT FROM inventory w WHERE w.lot = i.lot AND w.withdrawn_at IS NOT NULL)
    GROUP BY i.carrier, i.plan_type, i.lot) AS of_lot), 0),
  coalesce((SELECT extract(epoch FROM min(expires_at))::bigint FROM operator_tokens
    WHERE disabled_at IS NULL AND expires_at > now()), 0);

-- name: end_job
DELETE FROM jobs WHERE kind = :kind AND subject = :subject::uuid;

-- name: insert_jobs
INSERT INTO jobs {columns} FROM unnest($1::job_row[]);
