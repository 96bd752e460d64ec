-- Moves wallets. Each must stand where it is expected.
-- name: move_wallets
WITH moved AS (
  UPDATE wallets w SET balance_cents = m.balance, version = m.version, chain = m.chain
  FROM unnest($1::wallet_move[]) AS m
  WHERE w.dealer_id = m.dealer AND w.version = m.expected AND w.chain = m.expected_chain
    AND w.has_listeners = m.has_listeners
  RETURNING 1)
SELECT must_hold(count(*) = cardinality($1), 'wallets_stand') FROM moved;

-- name: insert_postings
INSERT INTO postings {columns} FROM unnest($1::posting_row[]);

-- name: insert_transfers
INSERT INTO transfers {columns} FROM unnest($1::transfer_row[]);

-- name: find_position
SELECT balance_cents, version, encode(chain, 'hex'), has_listeners::integer FROM wallets WHERE dealer_id = :dealer::uuid;

-- name: end_process
SELECT pg_terminate_backend(pid, 5000)::integer FROM pg_stat_activity
WHERE pid = :process AND backend_start = nullif(:started, '')::timestamptz AND pid <> pg_backend_pid() AND usename = current_user AND backend_type = 'client backend';

-- name: lock_wallet
SELECT dealer_id::text FROM wallets WHERE dealer_id = :dealer::uuid FOR UPDATE;

-- name: count_postings
SELECT count(*) FROM postings WHERE id = :posting::uuid;
