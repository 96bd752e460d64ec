-- name: make_migrations_table
CREATE TABLE IF NOT EXISTS schema_migrations (
  name text PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now());

-- name: has_migrations_table
SELECT (to_regclass('schema_migrations') IS NOT NULL)::int;

-- name: lock_migrations
SELECT pg_advisory_lock(:lock);

-- name: find_migration
SELECT checksum FROM schema_migrations WHERE name = :name;

-- name: find_last_migration
SELECT coalesce(max(name), '') FROM schema_migrations;

-- name: note_migration
INSERT INTO schema_migrations (name, checksum) VALUES (:name, :checksum);
