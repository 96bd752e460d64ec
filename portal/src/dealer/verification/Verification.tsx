import { Anchor, Group, Pagination, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count, moment, plural, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { batchesPerPage, batchesQuery, checkedOf, type ListedBatch } from './data';
import { NewBatch } from './NewBatch';

const columns: Column<ListedBatch>[] = [
  {
    name: 'Batch',
    cell: (batch) => (
      <Anchor component={Link} to={`/verification/${batch.id}`} size="sm" fw={500}>
        {batch.label}
      </Anchor>
    ),
  },
  { name: 'Started', cell: (batch) => moment(batch.started_at) },
  { name: 'State', cell: (batch) => <BatchState batch={batch} /> },
  { name: 'Available', right: true, cell: (batch) => count(batch.progress.available) },
  { name: 'Used', right: true, cell: (batch) => count(batch.progress.used) },
  { name: 'Codes', right: true, cell: (batch) => count(batch.total_rows) },
  { name: 'Paid', right: true, cell: (batch) => usd(batch.paid_total_usd) },
];

function BatchState({ batch }: { batch: ListedBatch }) {
  if (batch.completed_at) return <>Complete</>;
  const percent = Math.floor((100 * checkedOf(batch.progress)) / batch.total_rows);
  return (
    <Group gap="xs" wrap="nowrap" miw={110}>
      <Progress value={percent} size="sm" flex={1} aria-label={`${percent} % checked`} />
      <span className="figures">{percent} %</span>
    </Group>
  );
}

export function Verification() {
  const [page, setPage] = useState(1);
  const batches = useQuery(batchesQuery(page));
  return (
    <Page
      name="Verification"
      lead="Real devices tell which activation codes can still be installed. Nothing is used up by that."
    >
      <NewBatch />
      <Card title="History" flush>
        <Shown of={batches}>
          {(data) => (
            <DataTable
              caption="Batches"
              columns={columns}
              rows={data.batches}
              keyOf={(batch) => batch.id}
              empty={
                <Empty title="No batches yet">What you have checked stands here, with its results.</Empty>
              }
              foot={
                <>
                  <span>{plural(data.total, 'batch', 'batches')}</span>
                  {data.total > batchesPerPage && (
                    <Pagination
                      size="sm"
                      total={Math.ceil(data.total / batchesPerPage)}
                      value={page}
                      onChange={setPage}
                      getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                    />
                  )}
                </>
              }
            />
          )}
        </Shown>
      </Card>
    </Page>
  );
}
