import { Button, Group, NativeSelect, Progress as Bar, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { count, duration, moment, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { ConfirmDialog } from '~/shared/ui/Dialog';
import { BackLink, PagerFoot } from '~/shared/ui/lists';
import { told } from '~/shared/ui/notify';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
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
import { t } from '../words';
import { batchName } from './words';
import css from './verification.module.css';

const route = getRouteApi('/inside/verification/$batch');

const colors: Partial<Record<RowStatus, string>> = {
  available: 'green',
  invalid: 'orange',
  error: 'red',
  unknown: 'yellow',
  pending: 'blue',
  in_progress: 'blue',
};

const columns = (): Column<ResultRow>[] => [
  { name: t.verification.line, right: true, cell: (row) => count(row.line) },
  {
    name: t.fields.activationCode,
    cell: (row) => (
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {row.lpa}
      </span>
    ),
  },
  {
    name: t.verification.verdict,
    cell: (row) => (
      <Tag color={colors[row.status] ?? 'gray'}>{t.verification.statuses[row.status] ?? row.status}</Tag>
    ),
  },
  { name: t.verification.reason, cell: (row) => row.reason || t.fields.notApplicable },
];

export function Batch() {
  const { batch: id } = route.useParams();
  const batch = useQuery(batchQuery(id));
  return (
    <Page
      name={t.pages.verification}
      lead={<BackLink to="/verification">{t.verification.all}</BackLink>}
      actions={
        <Button
          component="a"
          href={resultsPath(id)}
          download="results.csv"
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} />}
        >
          {t.verification.download}
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
  const [isAsked, asking] = useDisclosure(false);
  const cancelling = useMutation({
    mutationFn: () => cancelBatch(batch.id),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['batch', batch.id] }),
        queries.invalidateQueries({ queryKey: ['wallet'] }),
      ]);
      asking.close();
      told(t.verification.cancelled);
    },
  });
  return (
    <Card
      title={batchName(batch)}
      actions={
        isOpen && (
          <Button variant="default" size="sm" onClick={asking.open}>
            {t.verification.cancelRest}
          </Button>
        )
      }
    >
      <Bar.Root size="lg" mb="xs">
        <Bar.Section value={percent} aria-label={t.verification.percent(percent)} />
      </Bar.Root>
      <Group justify="space-between" mb="lg">
        <Text size="sm" role="status">
          {isOpen
            ? t.verification.checked(count(checked), t.units.codes(progress.total))
            : t.verification.allChecked(t.units.codes(checked))}
        </Text>
        <Text size="sm" c="dimmed">
          {isOpen
            ? progress.eta_seconds === null
              ? t.verification.startedAt(moment(batch.started_at))
              : t.verification.doneIn(duration(progress.eta_seconds))
            : moment(batch.completed_at!)}
        </Text>
      </Group>
      <div className={css.counts}>
        <Figure label={t.verification.counts.available} value={count(progress.available)} />
        <Figure label={t.verification.counts.used} value={count(progress.used)} />
        <Figure label={t.verification.counts.invalid} value={count(progress.invalid)} />
        <Figure label={t.verification.counts.error} value={count(progress.error_count)} />
        <Figure label={t.verification.counts.unknown} value={count(progress.unknown)} />
        <Figure label={t.fields.paid} value={usd(batch.paid_total_usd)} />
      </div>
      <ConfirmDialog
        opened={isAsked && isOpen}
        onClose={asking.close}
        title={t.verification.cancelTitle}
        error={cancelling.error}
        confirm={
          <Button color="red" loading={cancelling.isPending} onClick={() => cancelling.mutate()}>
            {t.verification.cancelRest}
          </Button>
        }
      >
        <Text size="sm">{t.verification.cancelText(t.units.codes(progress.total - checked))}</Text>
      </ConfirmDialog>
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
    <Card title={t.verification.verdicts} flush>
      <div className={ui.filters}>
        <NativeSelect
          label={t.verification.verdict}
          size="sm"
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value as RowStatus | '')}
          data={[
            { value: '', label: t.fields.all },
            ...[...verdicts, 'pending' as const, 'cancelled' as const].map((one) => ({
              value: one,
              label: t.verification.statuses[one],
            })),
          ]}
        />
        <TextInput
          label={t.fields.search}
          size="sm"
          leftSection={<IconSearch size={16} />}
          placeholder={t.verification.searchHint}
          value={sought}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
      </div>
      <Shown of={results}>
        {() => (
          <DataTable
            caption={t.verification.verdicts}
            columns={columns()}
            rows={rows.slice((shown - 1) * rowsPerPage, shown * rowsPerPage)}
            keyOf={(row) => String(row.line)}
            empty={<Empty title={t.verification.noRow} />}
            foot={
              <PagerFoot label={t.units.rows(rows.length)} pages={pages} page={shown} onChange={setPage} />
            }
          />
        )}
      </Shown>
    </Card>
  );
}
