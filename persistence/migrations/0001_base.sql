-- What all subjects share. Money is whole cents (bigint), time is timestamptz, identifiers are UUIDs made by the service.
-- Constraints carry the invariants, each under a name that an error can be told by.
--
-- A table that the ledger writes has foreign keys only where a row could otherwise be wrong. A
-- commit inserts its rows together, and checking each against the other costs up to a tenth of an
-- order's commit. The ledger check proves these references.
--
-- A commit's rows travel as arrays of a composite type, one for each kind of row (`…_row`): one
-- array of rows is unfolded in a fifth of the time that an array for each column takes. Its columns
-- have the names of the table's. Nodes of two releases use a type at the same time, so it is never
-- changed: a row that gets another column gets another type.

-- Work that outlives a request; a row goes when its work is done. A lease that has run out is free again.
CREATE TABLE jobs (
  kind text NOT NULL CONSTRAINT jobs_kind CHECK (kind IN ('esim', 'fulfil', 'mail', 'refund', 'replacement', 'webhook')),
  subject uuid NOT NULL,
  -- Jobs of one kind that must not wait for each other: an order's is the prefix of its provider.
  lane text NOT NULL DEFAULT '',
  run_at timestamptz NOT NULL DEFAULT now(),
  -- How often it was taken. Its taker can write only under this number.
  attempts integer NOT NULL DEFAULT 0,
  last_error text,
  -- Since when no try has got any further.
  failing_since timestamptz,
  CONSTRAINT jobs_pkey PRIMARY KEY (kind, subject)
);
CREATE INDEX jobs_due ON jobs (kind, lane, run_at);
CREATE INDEX jobs_failing ON jobs (kind, failing_since) WHERE failing_since IS NOT NULL;

CREATE TYPE job_row AS (kind text, subject uuid, lane text);
-- A job that is due in some seconds.
CREATE TYPE later_job AS (kind text, subject uuid, delay integer);

-- Work that nobody takes for now: of one kind and lane; a star stands for all.
CREATE TABLE job_holds (
  kind text NOT NULL,
  lane text NOT NULL,
  reason text NOT NULL,
  held_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT job_holds_pkey PRIMARY KEY (kind, lane)
);

CREATE FUNCTION is_held(of_kind text, in_lane text) RETURNS boolean LANGUAGE sql STABLE
  RETURN EXISTS (SELECT FROM job_holds WHERE kind IN ('*', of_kind) AND lane IN ('*', in_lane));

-- What the nodes know of themselves, in the one row.
CREATE TABLE service (
  is_there boolean CONSTRAINT service_pkey PRIMARY KEY DEFAULT true CONSTRAINT service_once CHECK (is_there),
  -- Tells all nodes of this database from those of another. A backup has it too.
  installation uuid NOT NULL DEFAULT gen_random_uuid(),
  -- How dealers reach the service: what addresses in messages begin with.
  public_url text NOT NULL DEFAULT '',
  -- When work was last held by --hold, and until when the database knew of anything. It may lack
  -- what was done between the two.
  restored_at timestamptz,
  known_until timestamptz
);
INSERT INTO service DEFAULT VALUES;

CREATE FUNCTION dollars(cents bigint) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (cents / 100.0)::numeric(20, 2);

-- As all answers write a time.
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');

-- A time that travels as microseconds since 1970.
CREATE FUNCTION from_micros(value bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN timestamptz '1970-01-01 00:00:00+00' + value * interval '1 microsecond';

CREATE FUNCTION to_micros(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(epoch FROM at) * 1000000)::bigint;

-- A text as a part of an address: all but what RFC 3986 calls unreserved is escaped.
CREATE FUNCTION url_escaped(part text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN (
  SELECT string_agg(CASE WHEN letter ~ '[A-Za-z0-9._~-]' THEN letter
      ELSE regexp_replace(upper(encode(convert_to(letter, 'UTF8'), 'hex')), '(..)', '%\1', 'g') END, '' ORDER BY place)
  FROM regexp_split_to_table(part, '') WITH ORDINALITY AS letters(letter, place));

-- A cell of free text in a file for spreadsheets. A text that would be run as a formula gets an
-- apostrophe in front; an empty text is an empty cell. COPY writes the files and does the quoting.
CREATE FUNCTION csv_text(cell text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  CASE
    WHEN cell = '' THEN NULL
    WHEN ascii(cell) IN (ascii('='), ascii('+'), ascii('-'), ascii('@'), 9, 13) THEN '''' || cell
    ELSE cell
  END;

-- The keys that an eSIM is known by, however its code and its number are spelt: the SM-DP+ in lower case with the matching id,
-- and the digits without the check digit where there are nineteen before it.
CREATE FUNCTION code_key(lpa text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(split_part(lpa, '$', 2)) || '$' || split_part(lpa, '$', 3);

-- Luhn's sum of twenty digits: every second one counts twice, its own two digits added. A digit's
-- value is its place in the string, counted from one. So each value is one too large, but twenty of
-- them do not change the last digit of the sum.
CREATE FUNCTION luhn_sum(d text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  strpos('0516273849', substr(d, 1, 1)) + strpos('0123456789', substr(d, 2, 1))
  + strpos('0516273849', substr(d, 3, 1)) + strpos('0123456789', substr(d, 4, 1))
  + strpos('0516273849', substr(d, 5, 1)) + strpos('0123456789', substr(d, 6, 1))
  + strpos('0516273849', substr(d, 7, 1)) + strpos('0123456789', substr(d, 8, 1))
  + strpos('0516273849', substr(d, 9, 1)) + strpos('0123456789', substr(d, 10, 1))
  + strpos('0516273849', substr(d, 11, 1)) + strpos('0123456789', substr(d, 12, 1))
  + strpos('0516273849', substr(d, 13, 1)) + strpos('0123456789', substr(d, 14, 1))
  + strpos('0516273849', substr(d, 15, 1)) + strpos('0123456789', substr(d, 16, 1))
  + strpos('0516273849', substr(d, 17, 1)) + strpos('0123456789', substr(d, 18, 1))
  + strpos('0516273849', substr(d, 19, 1)) + strpos('0123456789', substr(d, 20, 1));

CREATE FUNCTION iccid_key(iccid text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  CASE WHEN length(iccid) = 20 AND luhn_sum(iccid) % 10 = 0 THEN left(iccid, 19) ELSE iccid END;

-- A commit is sent to the server as a whole, so the server has to check its conditions.
CREATE FUNCTION must_hold(condition boolean, constraint_name text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  IF NOT condition THEN
    RAISE EXCEPTION 'the transaction violates constraint "%"', constraint_name
      USING ERRCODE = 'check_violation', CONSTRAINT = constraint_name;
  END IF;
END
$body$;

-- A trigger of tables whose rows are only ever added.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$;

-- Tables that grow for ever are divided by months of UTC, so that an old month can be taken away
-- whole (0013_archive.sql). A row that comes before its month has a table goes to the table without
-- a month, where it is found as well.

-- Gives such a table its first months, and the place for all other times.
CREATE FUNCTION begin_months(parent regclass) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
  EXECUTE format('CREATE TABLE %I PARTITION OF %s DEFAULT', parent || '_at_other_times', parent);
  EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
    parent || '_are_final', parent || '_at_other_times');
  PERFORM make_months();
END
$body$;

-- Makes the missing months up to this time, the present one and the one before it included, and
-- returns their number. The service, which may make no table itself, calls it too. If the table for
-- other times holds rows of a month, that month stays there. While it waits for a long reader, such
-- as the ledger's check, others wait behind it: so it soon gives up, to be called again. The path
-- does not name pg_catalog, which therefore comes first: no function can hide one of PostgreSQL's
-- own.
CREATE FUNCTION make_months(until timestamptz DEFAULT now() + interval '3 months') RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'
  SET lock_timeout = '200ms' AS $body$
DECLARE
  parent text;
  child text;
  -- Where its rows lie in time.
  first text;
  month timestamptz;
  made integer := 0;
BEGIN
  IF until > now() + interval '2 years' THEN
    RAISE EXCEPTION 'months are made for two years ahead at most' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  -- Two nodes may come at once.
  PERFORM pg_advisory_xact_lock(7205759404);
  FOR parent, first IN
    SELECT c.relname, a.attname FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
    WHERE c.relnamespace = 'public'::regnamespace AND p.partdefid <> 0
  LOOP
    month := date_trunc('month', now()) - interval '1 month';
    WHILE month <= until LOOP
      child := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
      IF to_regclass(quote_ident(child)) IS NULL THEN
        made := made + make_month(parent, child, first, month);
      END IF;
      month := month + interval '1 month';
    END LOOP;
  END LOOP;
  RETURN made;
END
$body$;

-- The first id of version 7 that can be made at this time: such an id begins with the milliseconds
-- since 1970 (RFC 9562 §5.7).
CREATE FUNCTION first_id_at(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

-- Where a month begins in a table that is divided by a time, or by ids that tell theirs.
CREATE FUNCTION begin_in(parent text, month timestamptz) RETURNS text LANGUAGE sql STABLE AS $body$
  SELECT CASE a.atttypid WHEN 'uuid'::regtype THEN first_id_at(month)::text ELSE month::text END
  FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
  WHERE p.partrelid = parent::regclass
$body$;

-- The table is made apart and attached, because attaching waits for no commit. A constraint checks
-- that rows belong to their month as they come, so nobody has to look when the month is taken away.
-- Months follow the session's time zone, which must be UTC.
CREATE FUNCTION make_month(parent text, child text, column_name text, month timestamptz) RETURNS integer
  LANGUAGE plpgsql AS $body$
DECLARE
  first text := begin_in(parent, month);
  next text := begin_in(parent, month + interval '1 month');
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING CONSTRAINTS, CONSTRAINT %I CHECK (%4$I >= %5$L AND %4$I < %6$L))',
    child, parent, child || '_month', column_name, first, next);
  EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()',
    parent || '_are_final', child);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, first, next);
  RETURN 1;
EXCEPTION WHEN check_violation THEN
  RETURN 0;
END
$body$;
