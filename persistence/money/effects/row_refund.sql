-- The commit fails if a row was given back before.
-- name: insert_refunds
INSERT INTO row_refunds {columns} FROM unnest($1::row_refund[]);

-- name: count_refunds
UPDATE batches b SET refunded_rows = refunded_rows + r.rows FROM unnest($1::refunded_batch[]) AS r WHERE b.id = r.id;
