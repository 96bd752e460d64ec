-- name: find_brand
SELECT name, colour, coalesce(reply_to, ''), coalesce(encode(logo, 'base64'), '') FROM brands WHERE dealer_id = :dealer::uuid;

-- name: put_brand
INSERT INTO brands (dealer_id, name, colour, reply_to, logo)
VALUES (:dealer::uuid, :name, :colour, nullif(:reply, ''), decode(nullif(:logo, ''), 'base64'))
ON CONFLICT (dealer_id) DO UPDATE
SET name = excluded.name, colour = excluded.colour, reply_to = excluded.reply_to, logo = excluded.logo;

-- name: drop_brand
DELETE FROM brands WHERE dealer_id = :dealer::uuid;
