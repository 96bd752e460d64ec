-- name: make_months
SELECT make_months();
