-- part: snapshot_columns
d.id::text, d.email, d.company, d.status, d.markup_basis_points, d.resend_fee_cents, d.portal::int, d.token_epoch,

-- name: load_dealer
SELECT
  -- use: snapshot_columns
  coalesce((SELECT string_agg(encode(k.hash, 'hex'), ',') FROM api_keys k WHERE k.dealer_id = d.id), '')
FROM dealers d WHERE d.id = :id::uuid;

-- name: count_dealers
SELECT count(*) FROM dealers;

-- name: find_dealer_by_email
SELECT id::text FROM dealers WHERE email = :email;

-- name: insert_dealer
INSERT INTO dealers (id, email, company, status, markup_basis_points, resend_fee_cents, portal)
VALUES (:id::uuid, :email, :company, :status, :markup, :fee, :portal = 1);

-- name: insert_wallet
INSERT INTO wallets (dealer_id) VALUES (:id::uuid);

-- name: list_dealers
SELECT
  -- use: snapshot_columns
  w.balance_cents, (SELECT count(*) FROM api_keys k WHERE k.dealer_id = d.id),
  (d.password_hash IS NOT NULL)::int, (extract(epoch FROM d.created_at) * 1000000)::bigint
FROM dealers d JOIN wallets w ON w.dealer_id = d.id
WHERE :email = '' OR d.email = :email ORDER BY d.email;

-- name: update_dealer_status
UPDATE dealers SET status = :status WHERE id = :id::uuid RETURNING id::text;

-- name: update_password
UPDATE dealers SET password_hash = :hash, token_epoch = token_epoch + 1 WHERE id = :id::uuid;

-- name: find_password
SELECT
  -- use: snapshot_columns
  coalesce(d.password_hash, '')
FROM dealers d WHERE d.email = :email;
