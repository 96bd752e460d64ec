-- The nodes of the cluster.

-- Who is there. A node is alive for five seconds after its last heartbeat, by this clock.
CREATE TABLE nodes (
  name text CONSTRAINT nodes_pkey PRIMARY KEY,
  -- The process: another one under the same name takes its place.
  incarnation uuid NOT NULL,
  http text NOT NULL,
  admin text NOT NULL,
  -- Where other nodes reach it, and what it understands (protocols/cluster/wire_version.hpp).
  cluster text NOT NULL,
  wire_oldest integer NOT NULL,
  wire_newest integer NOT NULL,
  pid integer NOT NULL,
  -- Of its program.
  version text NOT NULL DEFAULT '',
  roles text NOT NULL,
  -- On how many nodes it would have dealers and their wallets at most; 0 for all. The smallest number of all nodes holds.
  dealer_nodes integer NOT NULL DEFAULT 0 CONSTRAINT nodes_dealer_nodes CHECK (dealer_nodes >= 0),
  state text NOT NULL CONSTRAINT nodes_state CHECK (state IN ('up', 'draining', 'down')),
  is_to_drain boolean NOT NULL DEFAULT false,
  entities bigint NOT NULL,
  beat_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Nodes hear at once of one that comes, goes or begins to drain, and need not wait for their next heartbeat.
CREATE FUNCTION tell_of_node() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM pg_notify('members_changed', NEW.name);
  RETURN NULL;
END
$body$;
CREATE TRIGGER nodes_come AFTER INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION tell_of_node();
CREATE TRIGGER nodes_change AFTER UPDATE ON nodes FOR EACH ROW
  WHEN ((OLD.state, OLD.incarnation, OLD.is_to_drain) IS DISTINCT FROM (NEW.state, NEW.incarnation, NEW.is_to_drain))
  EXECUTE FUNCTION tell_of_node();
