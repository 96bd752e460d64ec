-- (csv_cell stays for nodes of the release before, which may still run beside this one.)
-- Files for spreadsheets are written by COPY, which knows by itself what to quote. This is a cell of free text: what would be
-- run as a formula is led by an apostrophe, and an empty text is an empty cell.
CREATE FUNCTION csv_text(cell text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  CASE
    WHEN cell = '' THEN NULL
    WHEN ascii(cell) IN (ascii('='), ascii('+'), ascii('-'), ascii('@'), 9, 13) THEN '''' || cell
    ELSE cell
  END;

-- An order on account that the provider was away for was surely not bought: the same request may try again.
ALTER TABLE orders ADD COLUMN may_be_repeated boolean NOT NULL DEFAULT false;
