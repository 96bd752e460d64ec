import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { count, plural, usd } from '~/shared/text/format';
import { type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Action } from '../act/Action';
import { when } from '../when';
import { cancelBatch, type Batch } from './data';

function Done({ batch }: { batch: Batch }) {
  if (batch.completedAt) return <>{when(batch.completedAt)}</>;
  return (
    <Progress
      w={120}
      value={batch.rows === 0 ? 0 : (100 * batch.done) / batch.rows}
      aria-label={`${batch.label}: ${count(batch.done)} of ${plural(batch.rows, 'code')} checked`}
    />
  );
}

export const batchColumns: Column<Batch>[] = [
  { name: 'Batch', cell: (batch) => batch.label, csv: (batch) => batch.label },
  { name: 'Dealer', cell: (batch) => batch.dealer, csv: (batch) => batch.dealer },
  { name: 'Begun', cell: (batch) => when(batch.createdAt), csv: (batch) => batch.createdAt },
  { name: 'Ended', cell: (batch) => <Done batch={batch} />, csv: (batch) => batch.completedAt },
  { name: 'Codes', right: true, cell: (batch) => count(batch.rows), csv: (batch) => batch.rows },
  { name: 'Checked', right: true, cell: (batch) => count(batch.done), csv: (batch) => batch.done },
  { name: 'Errors', right: true, cell: (batch) => count(batch.errors), csv: (batch) => batch.errors },
  { name: 'Given back', right: true, cell: (batch) => count(batch.refunded), csv: (batch) => batch.refunded },
  {
    name: 'Total',
    right: true,
    cell: (batch) => usd(batch.totalUsd),
    csv: (batch) => batch.totalUsd.toFixed(2),
  },
  { name: '', right: true, cell: (batch) => !batch.completedAt && <CancelAction batch={batch} /> },
];

function CancelAction({ batch }: { batch: Batch }) {
  const left = batch.rows - batch.done;
  return (
    <Action
      name="Cancel"
      about={batch.label}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="support"
      title={`Cancel ${batch.label}`}
      says={
        <>
          Of {plural(left, 'code')} that {left === 1 ? 'has' : 'have'} no verdict yet, those that no device
          has begun with are not checked any more, and their price goes back to {batch.dealer}, once. What
          devices have in hand is still checked. This cannot be taken back.
        </>
      }
      typed={batch.dealer}
      isDangerous
      confirm="Cancel the batch"
      run={async () => {
        const done = await cancelBatch(batch.id);
        return `${plural(done.cancelled, 'code')} will not be checked, ${usd(done.refundedUsd)} went back.`;
      }}
    />
  );
}

interface Props {
  rows: Batch[];
  empty: ReactNode;
  withoutDealer?: boolean;
  perPage?: number;
}

export function BatchesTable({ withoutDealer, ...table }: Props) {
  return (
    <PagedTable
      caption="Batches"
      noun="batch"
      nouns="batches"
      columns={withoutDealer ? batchColumns.filter((column) => column.name !== 'Dealer') : batchColumns}
      keyOf={(batch) => batch.id}
      {...table}
    />
  );
}
