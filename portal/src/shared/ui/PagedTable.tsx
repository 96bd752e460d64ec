import { Pagination } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { plural } from '../text/format';
import { DataTable, type Column } from './DataTable';

interface Props<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  empty: ReactNode;
  /** What a row is, for the count below. */
  noun: string;
  /** Where that is not made by an s. */
  nouns?: string;
  perPage?: number;
  /** Beside the count: that there is more than was asked for, say. */
  note?: ReactNode;
}

/** A table of rows that are all here, shown page by page. */
export function PagedTable<Row>({ rows, noun, nouns, perPage = 25, note, ...table }: Props<Row>) {
  const [wish, setWish] = useState(1);
  const pages = Math.max(1, Math.ceil(rows.length / perPage));
  // A filter may have left fewer.
  const page = Math.min(wish, pages);
  return (
    <DataTable
      {...table}
      rows={rows.slice((page - 1) * perPage, page * perPage)}
      foot={
        <>
          <span>
            {plural(rows.length, noun, nouns)}
            {note}
          </span>
          {pages > 1 && (
            <Pagination
              size="sm"
              total={pages}
              value={page}
              onChange={setWish}
              getControlProps={(control) => ({ 'aria-label': `${control} page` })}
              getItemProps={(item) => ({ 'aria-label': `${table.caption}, page ${item}` })}
            />
          )}
        </>
      }
    />
  );
}
