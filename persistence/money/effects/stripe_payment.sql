-- name: lock_expected_payments
SELECT p.id FROM stripe_payments p JOIN unnest($1::expected_payment[]) AS e ON p.id = e.id AND p.version = e.version
ORDER BY p.id FOR UPDATE OF p;

-- name: move_payments
UPDATE stripe_payments p SET credited = true, version = p.version + 1, reversed_cents = p.reversed_cents + m.taken_cents,
  intent = coalesce(p.intent, m.intent)
FROM unnest($1::moved_payment[]) AS m WHERE p.id = m.id;

-- A movement belongs to one payment.
-- name: put_movements
WITH put AS (
  INSERT INTO stripe_movements AS known {columns} FROM unnest($1::movement_row[])
  ON CONFLICT (id) DO UPDATE SET amount_cents = excluded.amount_cents, undone = excluded.undone
  WHERE known.payment_id = excluded.payment_id AND known.kind = excluded.kind AND (excluded.undone OR NOT known.undone)
  RETURNING 1)
SELECT must_hold(count(*) = cardinality($1), 'stripe_movements_of_one_payment') FROM put;

-- name: insert_stripe_postings
INSERT INTO stripe_postings {columns} FROM unnest($1::stripe_posting_row[]);
