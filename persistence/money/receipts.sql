-- part: posting_fields
SELECT id::text, dealer_id::text, kind, code, coalesce(subject_id::text, ''), coalesce(usage_id, 0), last_seq,
  coalesce(encode(request_hash, 'hex'), '')
FROM postings

-- name: find_posting
-- use: posting_fields
WHERE id = :posting::uuid;

-- name: find_posting_under_key
-- use: posting_fields
WHERE dealer_id = :dealer::uuid AND idempotency_key = :key;

-- name: find_transfer
SELECT posting_id::text, amount_cents, balance_after_cents, coalesce(order_id::text, '') FROM all_transfers
WHERE dealer_id = :dealer::uuid AND seq = :seq;
