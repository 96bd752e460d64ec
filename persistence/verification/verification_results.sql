-- part: batch_columns
b.id::text, b.label, b.total_rows, b.leased_rows, b.available, b.used, b.invalid, b.error, b.unknown,
(extract(epoch FROM b.created_at) * 1000000)::bigint,
coalesce((extract(epoch FROM b.completed_at) * 1000000)::bigint, 0), b.unit_price_cents * b.total_rows,
b.unit_price_cents * b.refunded_rows, b.cancelled_rows

-- name: find_batch
SELECT
  -- use: batch_columns
FROM batches b WHERE b.id = :id::uuid AND b.dealer_id = :dealer::uuid AND b.source <> 'replacement';

-- The index is read up to the offset, which is little: nobody has that many batches.
-- name: list_batches
SELECT
  -- use: batch_columns
FROM batches b WHERE b.dealer_id BETWEEN :dealer::uuid AND :dealer::uuid AND b.source <> 'replacement'
ORDER BY b.dealer_id DESC, b.created_at DESC, b.id DESC LIMIT :limit OFFSET :offset;

-- name: count_batches
SELECT count(*) FROM batches WHERE dealer_id = :dealer::uuid AND source <> 'replacement';

-- name: count_batch_rows
SELECT total_rows FROM batches WHERE id = :id::uuid;

-- For copy_csv.
-- name: copy_results
SELECT csv_text(coalesce(v.iccid, r.iccid)), csv_text(r.lpa),
  coalesce(v.verdict, CASE WHEN r.row_number >= b.cancelled_from THEN 'cancelled' ELSE 'pending' END), csv_text(v.reason),
  rfc3339(v.checked_at)
FROM all_batch_rows r JOIN batches b ON b.id = r.batch_id LEFT JOIN all_verdicts v ON v.batch_id = r.batch_id AND v.row_number = r.row_number
WHERE r.batch_id = current_setting('meisim.batch')::uuid
  AND r.row_number > current_setting('meisim.after')::integer
  AND r.row_number <= current_setting('meisim.last')::integer
ORDER BY r.row_number;

-- name: find_batch_dealer
SELECT dealer_id::text FROM batches WHERE id = :id::uuid;

-- name: find_verdict
SELECT r.lpa, coalesce(v.iccid, r.iccid, ''), coalesce(v.verdict, 'pending'), coalesce(v.reason, ''),
  coalesce(v.stage, ''), coalesce(v.codes, ''), coalesce(v.http_status, 0), coalesce(v.host, ''),
  coalesce(v.device, ''), coalesce((extract(epoch FROM v.begun_at) * 1000000)::bigint, 0),
  coalesce((extract(epoch FROM v.checked_at) * 1000000)::bigint, 0), (f.row_number IS NOT NULL)::int
FROM all_batch_rows r
LEFT JOIN all_verdicts v ON v.batch_id = r.batch_id AND v.row_number = r.row_number
LEFT JOIN row_refunds f ON f.batch_id = r.batch_id AND f.row_number = r.row_number
WHERE r.batch_id = :id::uuid AND r.row_number = :number;

-- name: list_attempts
SELECT attempt, device, reason, (extract(epoch FROM ended_at) * 1000000)::bigint
FROM check_attempts WHERE batch_id = :id::uuid AND row_number = :number ORDER BY attempt;

-- name: report_verdicts
SELECT to_char(checked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, coalesce(host, ''), coalesce(device, ''),
  count(*) FILTER (WHERE verdict = 'available'), count(*) FILTER (WHERE verdict = 'used'),
  count(*) FILTER (WHERE verdict = 'invalid'), count(*) FILTER (WHERE verdict = 'error'),
  count(*) FILTER (WHERE verdict = 'unknown')
FROM all_verdicts WHERE checked_at >= now() - :days * interval '1 day'
GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3;
