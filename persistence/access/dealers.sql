-- part: snapshot_columns
d.id::text, d.email, d.company, d.status, d.markup_basis_points, d.resend_fee_cents, d.portal::int, d.token_epoch,

-- name: load_dealer
SELECT
  -- use: snapshot_columns
  coalesce((SELECT string_agg(concat_ws(' ', encode(k.hash, 'hex'), k.scopes,
      coalesce((extract(epoch FROM k.expires_at) * 1000000)::bigint, 0), cardinality(k.networks),
      nullif(array_to_string(k.networks, ' '), '')), ' ')
    FROM api_keys k WHERE k.dealer_id = d.id), ''),
  coalesce((SELECT string_agg(s.id::text, ' ') FROM sessions s
    WHERE s.dealer_id = d.id AND s.ended_at IS NOT NULL AND s.expires_at > now()), '')
FROM dealers d WHERE d.id = :id::uuid;

-- name: count_dealers
SELECT count(*) FROM dealers;

-- name: find_dealer_by_email
SELECT id::text FROM dealers WHERE email = lower(:email);

-- name: insert_dealer
INSERT INTO dealers (id, email, company, status, markup_basis_points, resend_fee_cents, portal)
VALUES (:id::uuid, :email, :company, :status, :markup, :fee, :portal = 1);

-- name: insert_wallet
INSERT INTO wallets (dealer_id) VALUES (:id::uuid);

-- name: list_dealers
SELECT
  -- use: snapshot_columns
  w.balance_cents, (SELECT count(*) FROM api_keys k WHERE k.dealer_id = d.id),
  (d.password_hash IS NOT NULL)::int, (extract(epoch FROM d.created_at) * 1000000)::bigint,
  coalesce(c.limit_cents, -1), coalesce(c.used_cents, 0), coalesce(d.suspended_because, '')
FROM dealers d JOIN wallets w ON w.dealer_id = d.id LEFT JOIN credit_accounts c ON c.dealer_id = d.id
WHERE :email = '' OR d.email = lower(:email) ORDER BY d.email;

-- name: update_dealer_status
UPDATE dealers SET status = :status, suspended_because = CASE WHEN :status = 'suspended' THEN nullif(:reason, '') END
WHERE id = :id::uuid RETURNING id::text;

-- name: update_password
UPDATE dealers SET password_hash = :hash, token_epoch = token_epoch + 1 WHERE id = :id::uuid;

-- name: find_password
SELECT
  -- use: snapshot_columns
  coalesce(d.password_hash, ''), (d.totp_confirmed_at IS NOT NULL)::int,
  (coalesce(g.passwords_paused_until > now(), false) AND NOT has_signed_in(d.id, :address))::int
FROM dealers d LEFT JOIN sign_in_guards g ON g.dealer_id = d.id WHERE d.email = :email;
