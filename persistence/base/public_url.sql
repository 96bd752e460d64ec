-- name: note_public_url
UPDATE service SET public_url = :url WHERE public_url <> :url;
