import { Anchor, Group, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count, moment, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { PagerFoot } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { t } from '../words';
import { batchesPerPage, batchesQuery, checkedOf, type ListedBatch } from './data';
import { NewBatch } from './NewBatch';
import { batchName } from './words';

const columns = (): Column<ListedBatch>[] => [
  {
    name: t.verification.batch,
    cell: (batch) => (
      <Anchor component={Link} to={`/verification/${batch.id}`} size="sm" fw={500}>
        {batchName(batch)}
      </Anchor>
    ),
  },
  { name: t.verification.started, whole: true, cell: (batch) => moment(batch.started_at) },
  { name: t.fields.state, cell: (batch) => <BatchState batch={batch} /> },
  { name: t.verification.counts.available, right: true, cell: (batch) => count(batch.progress.available) },
  { name: t.verification.counts.used, right: true, cell: (batch) => count(batch.progress.used) },
  { name: t.verification.countCodes, right: true, cell: (batch) => count(batch.total_rows) },
  { name: t.fields.paid, right: true, cell: (batch) => usd(batch.paid_total_usd) },
];

function BatchState({ batch }: { batch: ListedBatch }) {
  if (batch.completed_at) return <>{t.verification.complete}</>;
  const percent = Math.floor((100 * checkedOf(batch.progress)) / batch.total_rows);
  return (
    <Group gap="xs" wrap="nowrap" miw={110}>
      <Progress value={percent} size="sm" flex={1} aria-label={t.verification.percent(percent)} />
      <span className="figures">{percent} %</span>
    </Group>
  );
}

export function Verification() {
  const [page, setPage] = useState(1);
  const batches = useQuery(batchesQuery(page));
  return (
    <Page name={t.pages.verification} lead={t.verification.lead}>
      <NewBatch />
      <Card title={t.verification.history} flush>
        <Shown of={batches}>
          {(data) => (
            <DataTable
              caption={t.verification.batches}
              columns={columns()}
              rows={data.batches}
              keyOf={(batch) => batch.id}
              empty={<Empty title={t.verification.none}>{t.verification.noneText}</Empty>}
              foot={
                <PagerFoot
                  label={t.units.batches(data.total)}
                  pages={Math.ceil(data.total / batchesPerPage)}
                  page={page}
                  onChange={setPage}
                />
              }
            />
          )}
        </Shown>
      </Card>
    </Page>
  );
}
