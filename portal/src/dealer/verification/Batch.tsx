import {
  Anchor,
  Badge,
  Button,
  Group,
  NativeSelect,
  Pagination,
  Progress as Bar,
  Text,
  TextInput,
} from '@mantine/core';
import { IconArrowLeft, IconDownload, IconSearch } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { count, duration, moment, plural, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { failed, told } from '~/shared/ui/notify';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import {
  batchQuery,
  cancelBatch,
  checkedOf,
  resultsPath,
  resultsQuery,
  verdicts,
  type BatchView,
  type ResultRow,
  type RowStatus,
} from './data';
import css from './verification.module.css';

const route = getRouteApi('/inside/verification/$batch');

const looks: Record<RowStatus, { name: string; color: string }> = {
  available: { name: 'Available', color: 'green' },
  used: { name: 'Used', color: 'gray' },
  invalid: { name: 'Invalid', color: 'orange' },
  error: { name: 'Error, refunded', color: 'red' },
  unknown: { name: 'Unknown', color: 'yellow' },
  pending: { name: 'Waiting', color: 'blue' },
  in_progress: { name: 'On a device', color: 'blue' },
  cancelled: { name: 'Cancelled, refunded', color: 'gray' },
};

const columns: Column<ResultRow>[] = [
  { name: 'Line', right: true, cell: (row) => count(row.line) },
  {
    name: 'Activation code',
    cell: (row) => (
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {row.lpa}
      </span>
    ),
  },
  {
    name: 'Verdict',
    cell: (row) => (
      <Badge variant="light" tt="none" fw={500} color={looks[row.status]?.color ?? 'gray'}>
        {looks[row.status]?.name ?? row.status}
      </Badge>
    ),
  },
  { name: 'Reason', cell: (row) => row.reason || '–' },
];

export function Batch() {
  const { batch: id } = route.useParams();
  const batch = useQuery(batchQuery(id));
  return (
    <Page
      name="Verification"
      lead={
        <Anchor component={Link} to="/verification" size="sm">
          <IconArrowLeft size={14} /> All batches
        </Anchor>
      }
      actions={
        <Button
          component="a"
          href={resultsPath(id)}
          download="results.csv"
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} />}
        >
          Download CSV
        </Button>
      }
    >
      <Shown of={batch}>
        {(data) => (
          <>
            <Course data={data} />
            <Results id={id} checked={checkedOf(data.progress)} />
          </>
        )}
      </Shown>
    </Page>
  );
}

/** How far the batch is, as it happens. */
function Course({ data: { batch, progress } }: { data: BatchView }) {
  const queries = useQueryClient();
  const checked = checkedOf(progress);
  const percent = Math.floor((100 * checked) / progress.total);
  const isOpen = !batch.completed_at;
  const cancelling = useMutation({
    mutationFn: () => cancelBatch(batch.id),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['batch', batch.id] }),
        queries.invalidateQueries({ queryKey: ['wallet'] }),
      ]);
      told('What had not begun was cancelled and refunded.');
    },
    onError: failed,
  });
  return (
    <Card
      title={batch.label}
      actions={
        isOpen && (
          <Button
            variant="default"
            size="sm"
            loading={cancelling.isPending}
            onClick={() => cancelling.mutate()}
          >
            Cancel the rest
          </Button>
        )
      }
    >
      <Bar.Root size="lg" mb="xs">
        <Bar.Section value={percent} aria-label={`${percent} % checked`} />
      </Bar.Root>
      <Group justify="space-between" mb="lg">
        <Text size="sm" role="status">
          {isOpen
            ? `${count(checked)} of ${plural(progress.total, 'code')} checked`
            : `Complete: ${plural(checked, 'code')} checked`}
        </Text>
        <Text size="sm" c="dimmed">
          {isOpen
            ? progress.eta_seconds === null
              ? `Started ${moment(batch.started_at)}`
              : `Done in ${duration(progress.eta_seconds)}`
            : moment(batch.completed_at!)}
        </Text>
      </Group>
      <div className={css.counts}>
        <Figure label="Available" value={count(progress.available)} />
        <Figure label="Used" value={count(progress.used)} />
        <Figure label="Invalid" value={count(progress.invalid)} />
        <Figure label="Error" value={count(progress.error_count)} />
        <Figure label="Unknown" value={count(progress.unknown)} />
        <Figure label="Paid" value={usd(batch.paid_total_usd)} />
      </div>
    </Card>
  );
}

const rowsPerPage = 50;
/** A large file is read again only now and then. */
const coarse = (checked: number) => (checked < 1_000 ? checked : checked - (checked % 500));

function Results({ id, checked }: { id: string; checked: number }) {
  const [status, setStatus] = useState<RowStatus | ''>('');
  const [sought, setSought] = useState('');
  const [page, setPage] = useState(1);
  const results = useQuery(resultsQuery(id, coarse(checked)));
  const rows = useMemo(() => {
    const wanted = sought.trim().toLowerCase();
    return (results.data ?? []).filter(
      (row) =>
        (!status || row.status === status) &&
        (!wanted || `${row.iccid} ${row.lpa}`.toLowerCase().includes(wanted)),
    );
  }, [results.data, status, sought]);
  const pages = Math.max(1, Math.ceil(rows.length / rowsPerPage));
  const shown = Math.min(page, pages);
  return (
    <Card title="Verdicts" flush>
      <div className={ui.filters}>
        <NativeSelect
          label="Verdict"
          size="sm"
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value as RowStatus | '')}
          data={[
            { value: '', label: 'All' },
            ...[...verdicts, 'pending' as const].map((one) => ({ value: one, label: looks[one].name })),
          ]}
        />
        <TextInput
          label="Search"
          size="sm"
          leftSection={<IconSearch size={16} />}
          placeholder="Code or ICCID"
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      </div>
      <Shown of={results}>
        {() => (
          <DataTable
            caption="Verdicts"
            columns={columns}
            rows={rows.slice((shown - 1) * rowsPerPage, shown * rowsPerPage)}
            keyOf={(row) => String(row.line)}
            empty={<Empty title="No row matches" />}
            foot={
              <>
                <span>{plural(rows.length, 'row')}</span>
                {pages > 1 && (
                  <Pagination
                    size="sm"
                    total={pages}
                    value={shown}
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
  );
}
