-- Who is there. A node is alive for five seconds after its last heartbeat, by this clock.
CREATE TABLE nodes (
  name text CONSTRAINT nodes_pkey PRIMARY KEY,
  -- The process: another one under the same name takes its place.
  incarnation uuid NOT NULL,
  http text NOT NULL,
  admin text NOT NULL,
  pid integer NOT NULL,
  roles text NOT NULL,
  state text NOT NULL CONSTRAINT nodes_state CHECK (state IN ('up', 'draining', 'down')),
  is_to_drain boolean NOT NULL DEFAULT false,
  entities bigint NOT NULL,
  beat_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Nodes remember who a dealer is; each hears of a change once it is committed.
CREATE FUNCTION tell_of_dealer() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  dealer uuid;
BEGIN
  IF TG_TABLE_NAME = 'dealers' THEN
    dealer := NEW.id;
  ELSIF TG_OP = 'DELETE' THEN
    dealer := OLD.dealer_id;
  ELSE
    dealer := NEW.dealer_id;
  END IF;
  PERFORM pg_notify('dealer_changed', dealer::text);
  RETURN NULL;
END
$body$;
CREATE TRIGGER dealers_tell AFTER UPDATE ON dealers FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tell_of_dealer();
CREATE TRIGGER api_keys_tell AFTER INSERT OR DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION tell_of_dealer();
