-- What the service may do to the tables, which belong to another role. It runs after every migration, and may be run again: a
-- table that a migration adds can be read, added to and changed, unless it is named here.
-- name: grant_rights
DO $body$
DECLARE
  service constant text := current_setting('meisim.service_role');
  -- Rows that are only ever added.
  added_only constant text[] := ARRAY['archived_audit_events', 'archived_batch_rows', 'archived_batches', 'archived_refunds', 'archived_transfers', 'archived_verdicts',
    'audit_events', 'batch_rows', 'check_attempts', 'ledger_archived', 'order_notes', 'postings', 'row_refunds', 'settlements', 'stripe_postings', 'transfers', 'usages', 'verdicts'];
  -- Rows that come and go.
  passing constant text[] := ARRAY['api_keys', 'brands', 'bundle_routes', 'dealer_events', 'dealer_requests', 'event_followers', 'job_holds', 'jobs', 'ledger_scope', 'operator_sessions',
    'operator_tries', 'otps', 'provider_intents', 'recovery_codes', 'route_pins', 'row_leases', 'sessions', 'sign_in_places', 'stock_quarantine', 'stock_warnings', 'webhook_messages', 'webhooks'];
  one text;
BEGIN
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', service);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO %I', service);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I', service);
  FOREACH one IN ARRAY added_only LOOP
    EXECUTE format('REVOKE UPDATE ON %I FROM %I', one, service);
  END LOOP;
  FOREACH one IN ARRAY passing LOOP
    EXECUTE format('GRANT DELETE ON %I TO %I', one, service);
  END LOOP;
  EXECUTE format('REVOKE INSERT, UPDATE ON schema_migrations FROM %I', service);
  -- Only the owner archives.
  EXECUTE format('REVOKE INSERT ON archived_audit_events, archived_batch_rows, archived_batches, archived_refunds, archived_transfers, '
    'archived_verdicts, ledger_archived FROM %I', service);
  -- A month's table is reached only through its parent table, whose rights hold.
  FOR one IN SELECT oid::regclass FROM pg_class WHERE relispartition AND relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('REVOKE ALL ON %s FROM %I', one, service);
  END LOOP;
  -- The eSIM that a row of the stock stands for never changes, sold or not.
  EXECUTE format('REVOKE UPDATE ON inventory FROM %I', service);
  EXECUTE format('GRANT UPDATE (is_burned, withdrawn_at, withdrawn_for) ON inventory TO %I', service);
  -- What was sold and delivered, and to whom, never changes either.
  EXECUTE format('REVOKE UPDATE ON inventory_sold, order_esims, recharges FROM %I', service);
  EXECUTE format('GRANT UPDATE (places) ON inventory_sold TO %I', service);
  EXECUTE format('GRANT UPDATE (revoked_at, installed_at, percent_told, days_told, mail_id) ON order_esims TO %I', service);
  EXECUTE format('GRANT UPDATE (currency, value, bundle_value, provider_reference, cost_cents, delivered_at) ON recharges TO %I',
    service);
END
$body$;

-- name: set_service_role
SELECT set_config('meisim.service_role', :role, false);

-- name: find_own_role
SELECT current_user::text;

-- Whether the session's role could change or drop the ledger's tables.
-- name: owns_ledger
SELECT pg_has_role(current_user, relowner, 'MEMBER')::int FROM pg_class WHERE oid = 'transfers'::regclass;
