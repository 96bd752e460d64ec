-- name: insert_dealer_requests
INSERT INTO dealer_requests {columns} FROM unnest($1::dealer_request[]);

-- part: listed_requests
SELECT number, '', json_build_object('id', request_id, 'at', rfc3339(at), 'method', method, 'path', path,
  'status', status, 'address', address)::text
FROM dealer_requests WHERE (dealer_id, number) < (:dealer::uuid, :at::bigint) AND dealer_id >= :dealer::uuid

-- name: browse_dealer_requests
-- use: listed_requests
ORDER BY dealer_id DESC, number DESC LIMIT :limit;

-- name: browse_failed_requests
-- use: listed_requests
  AND status >= 400
ORDER BY dealer_id DESC, number DESC LIMIT :limit;

-- A portion at a time. Rows that another node is deleting are left to it.
-- name: forget_dealer_requests
DELETE FROM dealer_requests WHERE number IN (
  SELECT number FROM dealer_requests WHERE at < now() - interval '3 days'
  ORDER BY at LIMIT 10000 FOR UPDATE SKIP LOCKED);
