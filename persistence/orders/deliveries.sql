-- The short id of the order that has it, or the ICCID under which the stock has it.
-- name: find_holder
SELECT coalesce((SELECT short_id(o.number) FROM orders o WHERE o.id = e.order_id), ''), coalesce(i.iccid, '')
FROM (SELECT) AS one
LEFT JOIN LATERAL (
  SELECT order_id FROM (
    SELECT order_id, unit FROM order_esims WHERE iccid_key(iccid) = iccid_key(:iccid::text)
    UNION ALL
    SELECT order_id, unit FROM order_esims
    WHERE code_key(lpa) = code_key(:lpa::text) AND split_part(lpa, '$', 3) <> '') AS h
  WHERE (order_id, unit) <> (:order::uuid, :unit)
  LIMIT 1) AS e ON true
LEFT JOIN LATERAL (
  SELECT iccid FROM inventory WHERE iccid_key(iccid) = iccid_key(:iccid::text)
  UNION ALL
  SELECT iccid FROM inventory WHERE code_key(lpa) = code_key(:lpa::text) AND split_part(lpa, '$', 3) <> ''
  LIMIT 1) AS i ON true;
