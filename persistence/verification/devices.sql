-- The row of another process's device stays as long as a node tells of it.
-- name: note_devices
INSERT INTO devices AS d (name, driver, node, site, eid, version, state, detail, checks, failures, failures_in_a_row,
  rests_until, last_results)
SELECT * FROM unnest($1::noted_device[])
ON CONFLICT (name) DO UPDATE SET driver = excluded.driver, node = excluded.node, site = excluded.site, eid = excluded.eid,
  version = excluded.version, state = excluded.state, detail = excluded.detail, checks = excluded.checks,
  failures = excluded.failures, failures_in_a_row = excluded.failures_in_a_row, rests_until = excluded.rests_until,
  last_results = excluded.last_results, seen_at = excluded.seen_at,
  since = CASE WHEN d.site = excluded.site AND d.state <> 'lost' AND d.seen_at > now() - interval '1 minute'
    THEN d.since ELSE excluded.since END
WHERE d.site = excluded.site OR d.state = 'lost' OR d.seen_at < now() - interval '1 minute';

-- Devices whose name or card belongs to a device that was there before.
-- name: list_refused_devices
SELECT n.name, CASE WHEN d.site <> n.site THEN 'its name is taken by a device at ' || d.node
  ELSE 'its card is that of ' || o.name || ' at ' || o.node END
FROM unnest(:names::text[], :sites::text[]) AS n(name, site)
JOIN devices d ON d.name = n.name
LEFT JOIN LATERAL (
  SELECT o.name, o.node FROM devices o
  WHERE o.eid = d.eid AND o.name <> d.name AND o.state NOT IN ('lost', 'refused')
    AND o.seen_at > now() - interval '1 minute' AND (o.since, o.name) < (d.since, d.name)
  ORDER BY o.since, o.name LIMIT 1) AS o ON true
WHERE d.site <> n.site OR o.name IS NOT NULL;

-- name: list_devices
SELECT name, driver, node, site, coalesce(eid, ''), coalesce(version, ''),
  CASE WHEN seen_at < now() - interval '1 minute' THEN 'lost' ELSE state END, coalesce(detail, ''), checks, failures,
  failures_in_a_row, coalesce(to_micros(rests_until), 0), last_results::text
FROM devices WHERE seen_at > now() - interval '1 day' ORDER BY name;

-- name: list_well_hosts
SELECT DISTINCT v.host, b.dealer_id::text FROM verdicts v JOIN batches b ON b.id = v.batch_id
WHERE v.checked_at >= from_micros(:since) AND v.host = ANY (:hosts::text[]) AND v.device <> :device AND v.verdict <> 'error'
LIMIT 1000;

-- Whoever counts the same code at the same time waits for the row.
-- name: count_ask
INSERT INTO checked_codes AS c (code, asked_at) VALUES (:code, ARRAY[now()])
ON CONFLICT (code) DO UPDATE
SET asked_at = ARRAY(SELECT at FROM unnest(c.asked_at) AS at WHERE at > now() - interval '1 day') || excluded.asked_at
WHERE (SELECT count(*) FROM unnest(c.asked_at) AS at WHERE at > now() - interval '1 day') < :most
RETURNING to_micros(asked_at[cardinality(asked_at)]);

-- name: release_ask
UPDATE checked_codes SET asked_at = array_remove(asked_at, from_micros(:at)) WHERE code = :code;
