-- name: insert_orders
INSERT INTO orders {columns} FROM unnest($1::order_row[]);

-- name: recall_order
SELECT unit_price_cents, quantity, coalesce(replaces::text, ''), number FROM orders WHERE id = :id::uuid;
