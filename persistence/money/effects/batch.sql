-- name: insert_batch_rows
INSERT INTO batch_rows {columns} FROM unnest($1::code_row[]);

-- name: insert_flaws
INSERT INTO verdicts {columns} FROM unnest($1::flaw_row[]);

-- name: insert_batches
INSERT INTO batches {columns} FROM unnest($1::batch_row[]);

-- name: recall_batch
SELECT source, total_rows, unit_price_cents, coalesce(usage_id, 0) FROM batches WHERE id = :id::uuid;
