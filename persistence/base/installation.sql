-- name: find_installation
SELECT installation::text FROM service;
