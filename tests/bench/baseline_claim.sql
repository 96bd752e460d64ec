\set dealer random(1, 40)
update baseline.inventory set status = 'sold', dealer_id = :dealer, sold_at = now()
  where id in (select id from baseline.inventory where status = 'available' order by id
               for update skip locked limit 10)
  returning id, iccid, lpa;
