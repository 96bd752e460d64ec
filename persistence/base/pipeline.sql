-- The columns of a row's type, in order. For a type that is no row, the type itself.
-- name: list_type_columns
SELECT t.oid::bigint, coalesce(a.atttypid, t.oid)::bigint, coalesce(a.attname::text, '')
FROM pg_type t LEFT JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
WHERE t.oid = :type::regtype ORDER BY a.attnum;
