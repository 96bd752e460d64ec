-- What may have been sold since the moment that the database was restored to.

-- The hold stays while this transaction runs, so no pool begins to sell.
-- name: lock_hold
SELECT kind FROM job_holds WHERE kind = '*' AND lane = '*' FOR SHARE;

-- name: quarantine_told
WITH added AS (
  INSERT INTO stock_quarantine (iccid, is_told) SELECT DISTINCT ON (iccid_key(n)) n, true FROM unnest(:iccids::text[]) AS n
  WHERE NOT EXISTS (
    SELECT FROM stock s WHERE iccid_key(s.iccid) = iccid_key(n) AND (s.is_sold OR s.is_burned OR s.withdrawn_at IS NOT NULL))
  ON CONFLICT (iccid_key(iccid)) DO UPDATE SET is_told = true WHERE NOT stock_quarantine.is_told
  RETURNING xmax = 0 AS is_new)
SELECT count(*) FILTER (WHERE is_new) FROM added;

-- Besides the eSIMs that a head tells to be sold, so many at both ends of each pool, however often
-- this is done. Sales take the oldest rows, and replacements take the newest.
-- name: quarantine_next
WITH unsold AS (
  SELECT s.id, s.carrier, s.plan_type, s.iccid FROM stock s
  WHERE NOT s.is_burned AND s.withdrawn_at IS NULL AND NOT s.is_sold
    AND NOT EXISTS (SELECT FROM stock_quarantine q WHERE iccid_key(q.iccid) = iccid_key(s.iccid) AND q.is_told)),
places AS (
  SELECT iccid, row_number() OVER (PARTITION BY carrier, plan_type ORDER BY id) AS first,
    row_number() OVER (PARTITION BY carrier, plan_type ORDER BY id DESC) AS last
  FROM unsold),
added AS (
  INSERT INTO stock_quarantine (iccid, is_told)
  SELECT iccid, false FROM places WHERE least(first, last) <= :next ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*) FROM added;

-- An eSIM that a head tells to be sold is released only by its own number.
-- name: release_stock
WITH freed AS (
  DELETE FROM stock_quarantine q
  WHERE iccid_key(q.iccid) IN (SELECT iccid_key(n) FROM unnest(:iccids::text[]) AS n)
    OR NOT q.is_told AND EXISTS (
      SELECT FROM inventory i WHERE i.lot = nullif(:lot, '') AND iccid_key(i.iccid) = iccid_key(q.iccid))
  RETURNING 1)
SELECT count(*) FROM freed;

-- name: list_pools_with
SELECT DISTINCT carrier, plan_type FROM inventory
WHERE lot = nullif(:lot, '') OR iccid_key(iccid) IN (SELECT iccid_key(n) FROM unnest(:iccids::text[]) AS n);
