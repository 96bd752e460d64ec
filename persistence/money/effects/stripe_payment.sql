-- name: lock_expected_payments
SELECT p.id FROM stripe_payments p JOIN unnest($1::expected_payment[]) AS e ON p.id = e.id
WHERE p.credited = e.credited AND p.refunded_cents = e.refunded_cents AND p.reversed_cents = e.reversed_cents
ORDER BY p.id FOR UPDATE OF p;

-- name: move_payments
UPDATE stripe_payments p SET credited = true, refunded_cents = m.refunded_cents, reversed_cents = m.reversed_cents,
  intent = coalesce(p.intent, m.intent)
FROM unnest($1::moved_payment[]) AS m WHERE p.id = m.id;

-- name: insert_movements
INSERT INTO stripe_movements {columns} FROM unnest($1::movement_row[]);
