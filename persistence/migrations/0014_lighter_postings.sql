-- Each checked a row against one that the same transaction had inserted just before, and locked that row for it: a tenth of
-- an order's commit. The ledger check proves both.
ALTER TABLE transfers DROP CONSTRAINT transfers_posting;
ALTER TABLE usages DROP CONSTRAINT usages_posting;
