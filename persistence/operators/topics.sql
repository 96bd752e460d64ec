-- A mark for each topic of protocols/operators/topics.hpp, in their order: a hash of what is
-- newest, of what is open, and of what fails. If such a row changes, comes or goes, its topic has
-- changed. Rows that are old and at rest are not looked at.
-- name: load_topic_marks
SELECT hashtextextended(topic.seen, 0) FROM (VALUES
  (1, concat(
    (SELECT string_agg(o::text, ' ') FROM (
      SELECT id, status, failure FROM orders ORDER BY created_at DESC, id LIMIT 100) AS o),
    (SELECT string_agg(j::text, ' ') FROM (
      SELECT subject, attempts, failing_since FROM jobs
      WHERE kind = 'fulfil' AND failing_since IS NOT NULL ORDER BY failing_since, subject LIMIT 200) AS j))),
  (2, concat(
    (SELECT string_agg(p::text, ' ') FROM (
      SELECT id, version FROM stripe_payments ORDER BY created_at DESC, id LIMIT 100) AS p),
    (SELECT string_agg(m::text, ' ') FROM (
      SELECT id, undone FROM stripe_movements ORDER BY created_at DESC, id LIMIT 100) AS m),
    (SELECT string_agg(u.event, ' ') FROM (
      SELECT event FROM stripe_unmatched WHERE settled_at IS NULL ORDER BY created_at, event LIMIT 200) AS u))),
  (3, concat(
    (SELECT string_agg(u.id::text, ' ') FROM (SELECT id FROM usages ORDER BY id DESC LIMIT 100) AS u))),
  (4, concat(
    (SELECT string_agg(r::text, ' ') FROM (
      SELECT id, decision FROM replacement_checks WHERE decision IN ('admin_review', 'awaiting_restock')
      ORDER BY requested_at, id LIMIT 200) AS r),
    (SELECT string_agg(r::text, ' ') FROM (
      SELECT id, decision FROM replacement_checks ORDER BY requested_at DESC, id LIMIT 100) AS r))),
  (5, concat(
    (SELECT string_agg(b::text, ' ') FROM (
      SELECT id, available + used + invalid + error + unknown, refunded_rows FROM batches
      WHERE completed_at IS NULL ORDER BY dealer_id, id LIMIT 200) AS b),
    (SELECT string_agg(b::text, ' ') FROM (
      SELECT id, completed_at, refunded_rows FROM batches ORDER BY created_at DESC, id LIMIT 100) AS b))),
  (6, concat(
    (SELECT string_agg(d::text, ' ') FROM (
      SELECT name, node, CASE WHEN seen_at < now() - interval '1 minute' THEN 'lost' ELSE state END, detail, checks, failures,
        rests_until
      FROM devices WHERE seen_at > now() - interval '1 day' ORDER BY name) AS d))),
  (7, concat(
    (SELECT string_agg(j::text, ' ') FROM (
      SELECT kind, subject, attempts FROM jobs
      WHERE failing_since IS NOT NULL ORDER BY kind, failing_since, subject LIMIT 200) AS j),
    (SELECT string_agg(h::text, ' ') FROM (SELECT kind, lane, held_at FROM job_holds ORDER BY kind, lane) AS h),
    (SELECT string_agg(m::text, ' ') FROM (
      SELECT id, status FROM mails ORDER BY created_at DESC, id LIMIT 100) AS m),
    (SELECT string_agg(m::text, ' ') FROM (
      SELECT id, status FROM mails WHERE failure IS NOT NULL ORDER BY created_at DESC, id LIMIT 100) AS m),
    (SELECT string_agg(w.id::text, ' ') FROM (
      SELECT id FROM webhook_messages WHERE failed_at IS NOT NULL ORDER BY failed_at DESC, id LIMIT 100) AS w))),
  (8, concat(
    (SELECT string_agg(n::text, ' ') FROM (
      SELECT name, incarnation, is_to_drain,
        CASE WHEN beat_at < clock_timestamp() - :patience * interval '1 second' THEN 'down' ELSE state END
      FROM nodes WHERE beat_at > clock_timestamp() - interval '1 day' ORDER BY name) AS n))),
  (9, concat(
    (SELECT sum(a.id) FROM (SELECT id FROM audit_events ORDER BY id DESC LIMIT 200) AS a)))) AS topic (place, seen)
ORDER BY topic.place;
