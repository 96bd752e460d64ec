-- name: insert_usages
INSERT INTO usages {columns} FROM unnest($1::usage_row[]);

-- Fails the commit (inventory_sold_once) if one of the places is sold already.
-- name: mark_blocks
INSERT INTO inventory_sold AS s {columns} FROM unnest($1::sold_block[])
ON CONFLICT (block) DO UPDATE SET places = CASE
  WHEN bit_count(s.places & excluded.places) = 0 THEN s.places | excluded.places END;
