\set dealer random(1, :wallets)
begin;
select balance_cents from baseline.wallets where dealer_id = :dealer for update;
update baseline.wallets set balance_cents = balance_cents - 1200, updated_at = now()
  where dealer_id = :dealer returning balance_cents as balance \gset
insert into baseline.orders
  (dealer_id, product, customer_email, customer_name, quantity, unit_price_cents, total_cents)
  values (:dealer, 'data-us-5gb', 'end@example.com', 'Jane Doe', 1, 1200, 1200) returning id as order_id \gset
insert into baseline.transfers (dealer_id, type, amount_cents, balance_after_cents, description, order_id)
  values (:dealer, 'debit', -1200, :balance, 'Order of data-us-5gb', :order_id);
commit;
