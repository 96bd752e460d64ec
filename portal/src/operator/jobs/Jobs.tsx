import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { ExportButton } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { BatchesTable, batchColumns } from './BatchesTable';
import { batchesQuery, ofDealers } from './data';
import { Deliveries } from './Deliveries';
import { Mails } from './Mails';
import { Work } from './Work';

const route = getRouteApi('/inside/jobs');

const views = [
  { value: 'work', label: 'Work' },
  { value: 'mails', label: 'Mails' },
  { value: 'webhooks', label: 'Webhooks' },
  { value: 'batches', label: 'Batches' },
];

/** What waits, what fails, and what was done. */
export function Jobs() {
  const { show = 'work' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page name="Jobs">
      <SegmentedControl
        aria-label="What is shown"
        data={views}
        value={views.some((view) => view.value === show) ? show : 'work'}
        onChange={(next) => void navigate({ search: { show: next === 'work' ? undefined : next } })}
        style={{ justifySelf: 'start' }}
      />
      {show === 'mails' ? (
        <Mails />
      ) : show === 'webhooks' ? (
        <Deliveries />
      ) : show === 'batches' ? (
        <Batches />
      ) : (
        <Work />
      )}
    </Page>
  );
}

function Batches() {
  const batches = useQuery(batchesQuery());
  return (
    <Card
      title="Batches of codes"
      flush
      actions={
        <ExportButton
          file="batches.csv"
          columns={batchColumns}
          rows={() => ofDealers(batches.data ?? [])}
          disabled={!batches.data?.length}
        />
      }
    >
      <Shown of={batches} lines={6}>
        {(rows) => (
          <BatchesTable
            rows={ofDealers(rows)}
            empty={<Empty title="No batches yet">Dealers begin them on their pages.</Empty>}
          />
        )}
      </Shown>
    </Card>
  );
}
