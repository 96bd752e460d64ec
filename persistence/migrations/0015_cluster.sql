-- Where other nodes reach a node, and what it understands (protocols/cluster/wire_version.hpp).
ALTER TABLE nodes ADD COLUMN cluster text NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN wire_oldest integer NOT NULL DEFAULT 0;
ALTER TABLE nodes ADD COLUMN wire_newest integer NOT NULL DEFAULT 0;

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

-- What all nodes have to share and no operator has set: the key that signs tokens.
CREATE TABLE shared_secrets (
  name text CONSTRAINT shared_secrets_pkey PRIMARY KEY,
  value text NOT NULL
);
