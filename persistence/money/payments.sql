-- name: insert_payment
INSERT INTO stripe_payments (id, dealer_id, kind, net_cents, gross_cents, idempotency_key, request_hash)
VALUES (:id::uuid, :dealer::uuid, :kind, :net, :gross, nullif(:key, ''), decode(nullif(:hash, ''), 'hex'))
ON CONFLICT (dealer_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING;

-- name: find_begun_payment
SELECT id::text, net_cents, gross_cents, coalesce(checkout_url, ''), coalesce(client_secret, ''),
  coalesce(publishable_key, ''), encode(request_hash, 'hex')
FROM stripe_payments WHERE dealer_id = :dealer::uuid AND idempotency_key = :key;

-- name: count_postings_under_key
SELECT count(*) FROM postings WHERE dealer_id = :dealer::uuid AND idempotency_key = :key;

-- name: finish_payment
UPDATE stripe_payments
SET reference = coalesce(reference, :reference), intent = coalesce(intent, nullif(:intent, '')),
  checkout_url = nullif(:url, ''), client_secret = nullif(:secret, ''), publishable_key = nullif(:publishable, '')
WHERE id = :id::uuid AND checkout_url IS NULL AND client_secret IS NULL;

-- By whatever Stripe names it; our own id is surest. With what the dispute took, and whether that was undone.
-- name: find_payment
SELECT p.id::text, p.dealer_id::text, p.kind, p.net_cents, p.gross_cents, coalesce(p.reference, ''),
  coalesce(p.intent, ''), p.credited::int, p.refunded_cents, p.reversed_cents, coalesce(-taken.amount_cents, 0),
  (undone.payment_id IS NOT NULL)::int
FROM stripe_payments p
LEFT JOIN stripe_movements taken ON taken.payment_id = p.id AND taken.cause = 'dispute ' || :dispute
LEFT JOIN stripe_movements undone ON undone.payment_id = p.id AND undone.cause = 'reinstated ' || :dispute
WHERE p.id = nullif(:id, '')::uuid OR p.reference = nullif(:session, '') OR p.reference = nullif(:intent, '')
  OR p.intent = nullif(:intent, '')
ORDER BY p.id = nullif(:id, '')::uuid DESC NULLS LAST LIMIT 1;
