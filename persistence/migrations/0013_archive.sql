-- What has been taken out of the tables by month. It can still be read here, until the database's owner has written it elsewhere
-- and drops a month's table.

CREATE TABLE archived_transfers (
  LIKE transfers INCLUDING CONSTRAINTS,
  CONSTRAINT archived_transfers_pkey PRIMARY KEY (dealer_id, seq, created_at)
) PARTITION BY RANGE (created_at);

CREATE TABLE archived_audit_events (
  LIKE audit_events,
  CONSTRAINT archived_audit_events_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

CREATE TABLE archived_batch_rows (
  LIKE batch_rows,
  CONSTRAINT archived_batch_rows_pkey PRIMARY KEY (batch_id, row_number)
) PARTITION BY RANGE (batch_id);

CREATE TABLE archived_verdicts (
  LIKE verdicts INCLUDING CONSTRAINTS,
  CONSTRAINT archived_verdicts_pkey PRIMARY KEY (batch_id, row_number)
) PARTITION BY RANGE (batch_id);

-- A month's table has its own, and leaves as a whole.
CREATE TRIGGER archived_transfers_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_transfers
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archived_audit_events_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER archived_batch_rows_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_batch_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archived_verdicts_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_verdicts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE VIEW all_transfers AS SELECT * FROM transfers UNION ALL SELECT * FROM archived_transfers;
CREATE VIEW all_audit_events AS SELECT * FROM audit_events UNION ALL SELECT * FROM archived_audit_events;
CREATE VIEW all_batch_rows AS SELECT * FROM batch_rows UNION ALL SELECT * FROM archived_batch_rows;
CREATE VIEW all_verdicts AS SELECT * FROM verdicts UNION ALL SELECT * FROM archived_verdicts;

-- The batches whose rows and verdicts were archived: those from one id up to another. The batches themselves stay.
CREATE TABLE archived_batches (
  first_id uuid CONSTRAINT archived_batches_pkey PRIMARY KEY,
  next_id uuid NOT NULL CONSTRAINT archived_batches_next CHECK (next_id > first_id)
);

-- Where each wallet stood at the end of what was archived: the ledger is proved from there on.
CREATE TABLE ledger_archived (
  dealer_id uuid CONSTRAINT ledger_archived_pkey PRIMARY KEY,
  seq bigint NOT NULL CONSTRAINT ledger_archived_seq CHECK (seq > 0),
  balance_cents bigint NOT NULL,
  chain bytea NOT NULL,
  -- The end before this one; zero for none.
  former_seq bigint NOT NULL DEFAULT 0
);

-- What orders have back by archived transfers. The orders themselves stay.
CREATE TABLE archived_refunds (
  order_id uuid CONSTRAINT archived_refunds_pkey PRIMARY KEY,
  amount_cents bigint NOT NULL
);

-- The first transfer of a wallet that is not older than this; one behind the last if all are older.
-- The numbers have no gap and rise with time, so halving finds it.
CREATE FUNCTION first_transfer_at(wallet uuid, since timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $body$
DECLARE
  high bigint := (SELECT version + 1 FROM wallets WHERE dealer_id = wallet);
  -- Some may have been dropped.
  low bigint := coalesce((SELECT seq FROM all_transfers WHERE dealer_id = wallet ORDER BY seq LIMIT 1), high, 1);
  middle bigint;
BEGIN
  -- Most ask for all that there is.
  IF (SELECT created_at FROM all_transfers WHERE dealer_id = wallet AND seq = low) >= since THEN
    RETURN low;
  ELSIF (SELECT created_at FROM all_transfers WHERE dealer_id = wallet AND seq = high - 1) < since THEN
    RETURN high;
  END IF;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    IF (SELECT created_at FROM all_transfers WHERE dealer_id = wallet AND seq = middle) < since THEN
      low := middle + 1;
    ELSE
      high := middle;
    END IF;
  END LOOP;
  RETURN low;
END
$body$;

-- What a transfer is about: an order, a batch, or a purchase by the name that its buyer was told.
CREATE FUNCTION subject_of(posting uuid, order_id uuid) RETURNS text LANGUAGE sql STABLE RETURN coalesce(order_id::text, (
  SELECT CASE p.kind WHEN 'supply' THEN 'INV-' || p.usage_id WHEN 'batch' THEN p.subject_id::text
    WHEN 'batch_refund' THEN p.subject_id::text END
  FROM postings p WHERE p.id = posting));

-- The months of a table that end before this time, oldest first.
CREATE FUNCTION months_before(parent text, until timestamptz) RETURNS TABLE (child text, month timestamptz)
  LANGUAGE sql STABLE AS $body$
  SELECT c.relname, m.month FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
  CROSS JOIN LATERAL (SELECT to_timestamp(substring(c.relname FROM '[0-9]{4}_[0-9]{2}$'), 'YYYY_MM')) AS m (month)
  WHERE i.inhparent = parent::regclass AND m.month < until ORDER BY m.month
$body$;

-- Moves a month's table to the archive. Its rows are known to be of that month, so that none is looked at.
CREATE FUNCTION archive_month(parent text, child text, month timestamptz) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
  first text := begin_in(parent, month);
  next text := begin_in(parent, month + interval '1 month');
BEGIN
  EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, child);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', 'archived_' || parent, child, first, next);
  IF parent = 'verdicts' THEN
    INSERT INTO archived_batches (first_id, next_id) VALUES (first::uuid, next::uuid);
  END IF;
END
$body$;

-- A batch whose rows lie in the months before this time, and that has rows without a verdict, or has not yet given back what
-- it owes. Its id tells the month; it was written down a moment later.
CREATE FUNCTION unended_batch_before(until timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $body$
  SELECT id FROM batches
  WHERE id < first_id_at(until) AND (completed_at IS NULL OR unit_price_cents > 0 AND refunded_rows < error + cancelled_rows)
  ORDER BY created_at LIMIT 1
$body$;

-- The end of what will be archived: a wallet's last transfer before the first that stays. Nodes'
-- clocks differ, so a transfer that stays can be followed by one with an earlier time, which then
-- stays too.
CREATE FUNCTION note_archived_ends(until timestamptz) RETURNS void LANGUAGE sql AS $body$
  INSERT INTO ledger_archived AS a (dealer_id, seq, balance_cents, chain)
  SELECT w.dealer_id, t.seq, t.balance_after_cents, t.chain FROM wallets w
  CROSS JOIN LATERAL (SELECT coalesce((
    SELECT k.seq - 1 FROM transfers k WHERE k.dealer_id = w.dealer_id AND k.created_at >= until ORDER BY k.seq LIMIT 1),
    w.version)) AS e (seq)
  JOIN transfers t ON t.dealer_id = w.dealer_id AND t.seq = e.seq
  ON CONFLICT (dealer_id) DO UPDATE
  SET seq = excluded.seq, balance_cents = excluded.balance_cents, chain = excluded.chain, former_seq = a.seq
  WHERE excluded.seq > a.seq
$body$;

CREATE FUNCTION note_archived_refunds() RETURNS void LANGUAGE sql AS $body$
  INSERT INTO archived_refunds AS r (order_id, amount_cents)
  SELECT t.order_id, sum(t.amount_cents) FROM transfers t
  JOIN ledger_archived a ON a.dealer_id = t.dealer_id AND t.seq > a.former_seq AND t.seq <= a.seq
  JOIN postings p ON p.id = t.posting_id AND p.kind = 'order_refund'
  WHERE t.type <> 'debit' GROUP BY t.order_id
  ON CONFLICT (order_id) DO UPDATE SET amount_cents = r.amount_cents + excluded.amount_cents
$body$;

-- Moves the months before this one to the archive, all or nothing, and tells what was done; the
-- database's owner calls it. Orders wait while the tables are taken out, not while their ends are
-- looked for. Errors: `invalid_parameter_value` for a time that is not the beginning of a month, or
-- is less than three months ago; `object_not_in_prerequisite_state` if the ledger was not proved so
-- far, or a batch has not ended; `lock_not_available` if somebody reads for long.
CREATE FUNCTION archive_before(until timestamptz) RETURNS jsonb LANGUAGE plpgsql
  SET search_path = public, pg_temp SET timezone = 'UTC' SET lock_timeout = '1s' AS $body$
DECLARE
  one record;
  -- Of the months that go, what has to stay.
  late transfers[];
  months text[] := '{}';
  unended uuid;
BEGIN
  IF until <> date_trunc('month', until) THEN
    RAISE EXCEPTION 'months are archived whole: the time must be the begin of one' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF until > date_trunc('month', now()) - interval '3 months' THEN
    RAISE EXCEPTION 'the last three months stay' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  LOCK TABLE ledger_proved IN EXCLUSIVE MODE;
  UPDATE ledger_archived SET former_seq = seq WHERE former_seq <> seq;
  IF EXISTS (SELECT FROM months_before('transfers', until)) THEN
    PERFORM note_archived_ends(until);
  END IF;
  IF EXISTS (SELECT FROM ledger_archived a LEFT JOIN ledger_proved p ON p.dealer_id = a.dealer_id
    WHERE a.seq > coalesce(p.seq, 0)) THEN
    RAISE EXCEPTION 'the ledger was not proved up to there: run "meisimctl ledger check" before'
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  unended := unended_batch_before(until);
  IF unended IS NOT NULL THEN
    RAISE EXCEPTION 'batch % of that time has not ended: cancel it, or archive less', unended
      USING ERRCODE = 'object_not_in_prerequisite_state';
  END IF;
  PERFORM note_archived_refunds();
  late := ARRAY(
    SELECT t FROM transfers t LEFT JOIN ledger_archived a ON a.dealer_id = t.dealer_id
    WHERE t.created_at < until AND t.seq > coalesce(a.seq, 0) AND t.tableoid <> 'transfers_at_other_times'::regclass);
  FOR one IN
    SELECT parent, child, month FROM unnest(ARRAY['transfers', 'audit_events', 'batch_rows', 'verdicts']) AS parent, months_before(parent, until)
  LOOP
    PERFORM archive_month(one.parent, one.child, one.month);
    months := months || one.child;
    IF one.parent = 'transfers' AND cardinality(late) > 0 THEN
      EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', one.child);
      EXECUTE format('DELETE FROM %I t USING unnest($1) AS l WHERE t.dealer_id = l.dealer_id AND t.seq = l.seq', one.child)
        USING late;
      EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', one.child);
    END IF;
  END LOOP;
  INSERT INTO transfers SELECT * FROM unnest(late);
  IF cardinality(months) > 0 THEN
    INSERT INTO audit_events (actor, address, request_id, kind, subject, after)
    VALUES ('database:' || session_user, '', '', 'ledger.archived', 'ledger', jsonb_build_object('before', rfc3339(until), 'tables', months));
  END IF;
  RETURN jsonb_build_object('before', rfc3339(until), 'tables', months, 'heads', coalesce((
    SELECT jsonb_agg(jsonb_build_object('dealer', dealer_id, 'seq', seq, 'chain', encode(chain, 'hex')) ORDER BY dealer_id::text)
    FROM ledger_archived), '[]'));
EXCEPTION WHEN lock_not_available THEN
  RAISE EXCEPTION 'somebody reads the ledger for long, such as its check: nothing was archived, try again'
    USING ERRCODE = 'lock_not_available';
END
$body$;

-- For the owner alone.
REVOKE EXECUTE ON FUNCTION archive_before, archive_month, unended_batch_before, note_archived_ends, note_archived_refunds FROM PUBLIC;
