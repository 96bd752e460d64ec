-- Only one node makes the first key of a name.
-- name: propose_node_key
INSERT INTO node_keys (name, id, sealed) VALUES (:name, :id, :sealed) ON CONFLICT DO NOTHING;

-- name: list_node_keys
SELECT name, id, sealed, to_micros(made_at), to_micros(former_until) FROM node_keys ORDER BY name;

-- name: replace_node_key
INSERT INTO node_keys AS k (name, id, sealed, former_until)
VALUES (:name, :id, :sealed, now() + :seconds * interval '1 second')
ON CONFLICT (name) DO UPDATE SET id = excluded.id, sealed = excluded.sealed, made_at = excluded.made_at,
  former_until = excluded.former_until
RETURNING to_micros(made_at), to_micros(former_until);

-- name: is_automation_closed
SELECT (disabled_at IS NOT NULL)::int FROM operator_tokens WHERE name = 'automation';
