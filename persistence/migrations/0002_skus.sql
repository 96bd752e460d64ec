-- What the portal sells. The prices are a start: the operator sets them.
INSERT INTO skus (id, service, name, carrier, plan_type, price_cents) VALUES
  ('019e1b5c-8000-7000-8000-000000000001', 'esim_supply_att', 'AT&T eSIM, QR code', 'att', 'qr', 400),
  ('019e1b5c-8000-7000-8000-000000000002', 'esim_validate', 'eSIM validation', 'any', 'any', 15);
