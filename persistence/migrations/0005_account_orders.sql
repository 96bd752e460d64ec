-- Orders on account wait for the provider with a request at hand, and have no posting.
ALTER TABLE orders
  ADD COLUMN mails_customer boolean NOT NULL DEFAULT true,
  ADD COLUMN request_hash text;
ALTER TABLE order_esims ADD COLUMN revoked_at timestamptz;
