-- The tables of a plain service: one row for each wallet, which is locked while it is changed.
create schema baseline;

create table baseline.wallets (
  dealer_id bigint primary key,
  balance_cents bigint not null check (balance_cents >= 0),
  updated_at timestamptz not null default now()
);

create table baseline.orders (
  id uuid primary key default gen_random_uuid(),
  dealer_id bigint not null,
  product text not null,
  customer_email text not null,
  customer_name text not null,
  quantity int not null,
  unit_price_cents bigint not null,
  total_cents bigint not null,
  status text not null default 'processing',
  created_at timestamptz not null default now()
);
create index on baseline.orders (dealer_id, created_at);

create table baseline.transfers (
  id bigserial primary key,
  dealer_id bigint not null,
  type text not null,
  amount_cents bigint not null,
  balance_after_cents bigint not null,
  description text not null,
  order_id uuid not null,
  created_at timestamptz not null default now()
);
create index on baseline.transfers (dealer_id, id);

create table baseline.inventory (
  id bigserial primary key,
  iccid text not null unique,
  lpa text not null,
  status text not null default 'available',
  dealer_id bigint,
  sold_at timestamptz
);
create index on baseline.inventory (id) where status = 'available';

insert into baseline.wallets (dealer_id, balance_cents) select n, 100000000000 from generate_series(1, 1000) n;
insert into baseline.inventory (iccid, lpa)
  select '8901410' || lpad(n::text, 12, '0'), 'LPA:1$rsp.example.com$AVAILABLE-' || lpad(n::text, 12, '0')
  from generate_series(1, 500000) n;
vacuum analyze baseline.wallets, baseline.inventory;
