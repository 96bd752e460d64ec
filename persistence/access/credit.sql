-- name: find_credit
SELECT coalesce(limit_cents, -1), used_cents FROM credit_accounts WHERE dealer_id = :dealer::uuid;

-- name: open_credit
INSERT INTO credit_accounts (dealer_id, limit_cents) VALUES (:dealer::uuid, :limit);

-- The key stands among those of postings, because operators' requests about a dealer share one set
-- of keys.
-- name: settle_credit
WITH paid AS (
  INSERT INTO credit_accounts AS c (dealer_id, used_cents) VALUES (:dealer::uuid, - :amount::bigint)
  ON CONFLICT (dealer_id) DO UPDATE SET used_cents = c.used_cents + excluded.used_cents
  RETURNING used_cents),
keyed AS (
  INSERT INTO postings (id, dealer_id, kind, code, last_seq, idempotency_key, request_hash, created_at)
  SELECT :id::uuid, :dealer::uuid, 'settlement', 0, 0, :key, decode(:hash, 'hex'), now() WHERE :key <> '')
INSERT INTO settlements (id, dealer_id, amount_cents, reason, used_after_cents)
SELECT :id::uuid, :dealer::uuid, :amount::bigint, :reason, used_cents FROM paid RETURNING used_after_cents;

-- The settlement that a key stands for; empty if the key stands for something else.
-- name: find_settlement
SELECT encode(p.request_hash, 'hex'), coalesce(s.id::text, ''), coalesce(s.amount_cents, 0), coalesce(s.used_after_cents, 0)
FROM postings p LEFT JOIN settlements s ON s.id = p.id
WHERE p.dealer_id = :dealer::uuid AND p.idempotency_key = :key;
