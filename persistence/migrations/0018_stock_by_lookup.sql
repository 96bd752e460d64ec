-- Whether an eSIM is sold is looked up by its block's key. As a join it was left to statistics, and those of a stock of which
-- nothing had been sold yet had every eSIM compared with every block.
CREATE OR REPLACE VIEW stock AS
  SELECT i.id, i.carrier, i.plan_type, i.iccid, i.lpa, i.is_burned, i.place,
    coalesce((SELECT get_bit(s.places, (i.place % 1024)::integer) = 1 FROM inventory_sold s
      WHERE s.block = i.place / 1024), false) AS is_sold
  FROM inventory i;
