-- All requests of a dealer share one set of keys, so the key stands among those of postings.
-- name: insert_payment
WITH keyed AS (
  INSERT INTO postings (id, dealer_id, kind, code, last_seq, idempotency_key, request_hash, created_at)
  SELECT :id::uuid, :dealer::uuid, 'card_payment', 0, 0, :key, decode(:hash, 'hex'), now() WHERE :key <> ''
  ON CONFLICT (dealer_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id)
INSERT INTO stripe_payments (id, dealer_id, kind, net_cents, gross_cents)
SELECT :id::uuid, :dealer::uuid, :kind, :net, :gross WHERE :key = '' OR EXISTS (SELECT FROM keyed);

-- name: find_begun_payment
SELECT p.id::text, p.net_cents, p.gross_cents, coalesce(p.checkout_url, ''), coalesce(p.client_secret, ''),
  coalesce(p.publishable_key, ''), encode(k.request_hash, 'hex')
FROM postings k JOIN stripe_payments p ON p.id = k.id
WHERE k.dealer_id = :dealer::uuid AND k.idempotency_key = :key;

-- name: finish_payment
UPDATE stripe_payments
SET reference = coalesce(reference, :reference), intent = coalesce(intent, nullif(:intent, '')),
  checkout_url = nullif(:url, ''), client_secret = nullif(:secret, ''), publishable_key = nullif(:publishable, '')
WHERE id = :id::uuid AND checkout_url IS NULL AND client_secret IS NULL;

-- A payment that the database has lost, as Stripe knows it.
-- name: recall_payment
INSERT INTO stripe_payments (id, dealer_id, kind, net_cents, gross_cents, reference, intent)
SELECT :id::uuid, d.id, :kind, :net, :gross, :reference, :intent FROM dealers d WHERE d.id = :dealer::uuid
ON CONFLICT DO NOTHING;

-- Stripe sends them again, and they find it.
-- name: settle_recalled
UPDATE stripe_unmatched SET settled_at = now(), settled_because = 'its payment is known again'
WHERE settled_at IS NULL AND (intent = :intent OR session = :reference);

-- name: find_unmatched
SELECT (settled_at IS NULL)::int FROM stripe_unmatched WHERE event = :event;

-- By any name that Stripe gives it; our own id comes first.
-- name: find_payment
SELECT id::text, dealer_id::text, kind, net_cents, gross_cents, coalesce(reference, ''), coalesce(intent, ''), version
FROM (
  SELECT *, 1 AS place FROM stripe_payments WHERE id = nullif(:id, '')::uuid
  UNION ALL SELECT *, 2 FROM stripe_payments WHERE reference = nullif(:session, '')
  UNION ALL SELECT *, 2 FROM stripe_payments WHERE reference = nullif(:intent, '')
  UNION ALL SELECT *, 2 FROM stripe_payments WHERE intent = nullif(:intent, '')) AS p
ORDER BY place LIMIT 1;

-- name: list_payment_movements
SELECT id, kind, amount_cents, fee_cents, undone::int FROM stripe_movements WHERE payment_id = :payment::uuid
ORDER BY created_at, id;

-- The oldest event that is kept is the one that counts.
-- name: insert_unmatched
INSERT INTO stripe_unmatched (event, type, session, intent, reason) VALUES (:event, :type, :session, :intent, :reason)
ON CONFLICT (event) DO NOTHING;

-- name: settle_unmatched
UPDATE stripe_unmatched SET settled_at = now(), settled_because = :reason WHERE event = :event AND settled_at IS NULL;

-- name: list_unmatched
SELECT event, type, session, intent, reason, (extract(epoch FROM created_at) * 1000000)::bigint, count(*) OVER ()
FROM stripe_unmatched WHERE settled_at IS NULL ORDER BY created_at, event LIMIT 1000;

-- part: payment_view
SELECT p.id::text, d.email, (extract(epoch FROM p.created_at) * 1000000)::bigint
FROM stripe_payments p JOIN dealers d ON d.id = p.dealer_id

-- name: list_payments
-- use: payment_view
WHERE :email = '' OR lower(d.email) = lower(:email) ORDER BY p.created_at DESC, p.id LIMIT :limit;

-- name: show_payment
-- use: payment_view
WHERE p.id::text = :id OR p.reference = :id OR p.intent = :id LIMIT 1;

-- name: list_payment_postings
SELECT posting_id::text, coalesce(movement_id, ''), amount_cents, (extract(epoch FROM created_at) * 1000000)::bigint
FROM stripe_postings WHERE payment_id = :payment::uuid ORDER BY created_at, posting_id;

-- As reconciliation names them.
-- name: list_kept_movements
SELECT coalesce(p.intent, p.reference), 'paid', p.gross_cents, (extract(epoch FROM s.created_at) * 1000000)::bigint
FROM stripe_postings s JOIN stripe_payments p ON p.id = s.payment_id
WHERE s.movement_id IS NULL AND s.created_at >= timestamptz 'epoch' + :from * interval '1 microsecond'
  AND s.created_at < timestamptz 'epoch' + :to * interval '1 microsecond'
UNION ALL
SELECT id, kind, -amount_cents, (extract(epoch FROM created_at) * 1000000)::bigint FROM stripe_movements
WHERE kind <> 'refund_sum' AND created_at >= timestamptz 'epoch' + :from * interval '1 microsecond'
  AND created_at < timestamptz 'epoch' + :to * interval '1 microsecond'
UNION ALL
SELECT id || ' failed', kind || ' failed', amount_cents, (extract(epoch FROM created_at) * 1000000)::bigint
FROM stripe_movements
WHERE kind = 'refund' AND undone AND created_at >= timestamptz 'epoch' + :from * interval '1 microsecond'
  AND created_at < timestamptz 'epoch' + :to * interval '1 microsecond';
