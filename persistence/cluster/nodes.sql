-- Another process under the same name takes its place with its first beat.
-- name: upsert_beat
INSERT INTO nodes AS n (name, incarnation, http, admin, pid, version, roles, cluster, wire_oldest, wire_newest,
  dealer_nodes, state, entities, beat_at)
VALUES (:name, :incarnation::uuid, :http, :admin, :pid, :version, :roles, :cluster, :oldest, :newest,
  :dealers, CASE WHEN :draining = 1 THEN 'draining' ELSE 'up' END, :entities, clock_timestamp())
ON CONFLICT (name) DO UPDATE SET incarnation = excluded.incarnation, http = excluded.http, admin = excluded.admin,
  pid = excluded.pid, version = excluded.version, roles = excluded.roles, cluster = excluded.cluster,
  wire_oldest = excluded.wire_oldest, wire_newest = excluded.wire_newest, dealer_nodes = excluded.dealer_nodes, state = excluded.state,
  entities = excluded.entities, beat_at = excluded.beat_at,
  is_to_drain = n.is_to_drain AND n.incarnation = excluded.incarnation
WHERE n.incarnation = excluded.incarnation OR :first = 1
RETURNING n.is_to_drain::int;

-- name: list_members
SELECT name, incarnation::text, cluster, wire_oldest, wire_newest, roles, dealer_nodes, (state = 'draining')::int
FROM nodes WHERE state <> 'down' AND beat_at > clock_timestamp() - :patience * interval '1 second' ORDER BY name;

-- When a living node of this name last sent a heartbeat.
-- name: find_beat
SELECT (extract(epoch FROM beat_at) * 1000000)::bigint FROM nodes
WHERE name = :name AND state <> 'down' AND beat_at > clock_timestamp() - :patience * interval '1 second';

-- name: note_leaving
UPDATE nodes SET state = 'down', entities = 0 WHERE name = :name AND incarnation = :incarnation::uuid;

-- name: list_nodes
SELECT name, http, admin, pid, version, roles,
  CASE WHEN beat_at < clock_timestamp() - :patience * interval '1 second' THEN 'down' ELSE state END, entities
FROM nodes WHERE beat_at > clock_timestamp() - interval '1 day' ORDER BY name;

-- name: wish_drain
UPDATE nodes SET is_to_drain = true
WHERE name = :name AND state <> 'down' AND beat_at > clock_timestamp() - :patience * interval '1 second'
RETURNING name;

-- name: find_youngest_beat
SELECT extract(epoch FROM clock_timestamp() - max(beat_at))::float8 FROM nodes;
