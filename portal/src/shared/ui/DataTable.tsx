import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { save, toCsv } from '../text/csv';
import { words } from '../text/words';
import { failed } from './notify';
import css from './ui.module.css';

export interface Column<Row> {
  name: string;
  cell: (row: Row) => ReactNode;
  /** For numbers. */
  right?: boolean;
  /** For what is not to be broken, as times are. */
  whole?: boolean;
  /** For what a row is about: on a telephone it stands above the other cells, and needs no name. */
  head?: boolean;
  /** The cell in an exported file; a column without is not exported. */
  csv?: (row: Row) => string | number | null | undefined;
}

interface Props<Row> {
  /** What the table shows, for those who do not see it. */
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  empty: ReactNode;
  /** Below the rows, on the left. */
  foot?: ReactNode;
}

type Look = Pick<Column<never>, 'right' | 'whole' | 'head'>;

const lookOf = ({ right, whole, head }: Look) =>
  right ? css.right : whole ? css.whole : head ? css.headCell : undefined;

export function DataTable<Row>({ caption, columns, rows, keyOf, empty, foot }: Props<Row>) {
  if (rows.length === 0) return <>{empty}</>;
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={words.table(caption)}>
        <table className={css.table}>
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.name} scope="col" className={lookOf(column)}>
                  {column.name || <span className="unseen">{words.actions}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map((column) => (
                  <td key={column.name} data-label={column.name} className={lookOf(column)}>
                    <div className={css.value}>{column.cell(row)}</div>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {foot && <div className={css.foot}>{foot}</div>}
    </>
  );
}

interface ExportProps<Row> {
  file: string;
  columns: Column<Row>[];
  /** All rows that the filters let through, and not only those on the page. */
  rows: () => Promise<Row[]> | Row[];
  disabled?: boolean;
}

export function ExportButton<Row>({ file, columns, rows, disabled }: ExportProps<Row>) {
  const exported = columns.filter((column) => column.csv);
  const [isRunning, setRunning] = useState(false);
  const write = async () => {
    const all = await rows();
    save(
      file,
      toCsv(
        exported.map((column) => column.name),
        all.map((row) => exported.map((column) => column.csv!(row))),
      ),
    );
  };
  const run = () => {
    setRunning(true);
    void write()
      .catch(failed)
      .finally(() => setRunning(false));
  };
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={<IconDownload size={16} />}
      disabled={disabled}
      loading={isRunning}
      onClick={run}
    >
      {words.exportCsv}
    </Button>
  );
}
