import { Anchor, Checkbox, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { when } from '../when';
import { jobsQuery, type Job } from './data';
import { jobKinds, kindName } from './words';

const columns: Column<Job>[] = [
  { name: 'Work', cell: (job) => kindName(job.kind), csv: (job) => job.kind },
  {
    name: 'About',
    cell: (job) =>
      job.kind === 'fulfil' ? (
        <Anchor component={Link} to={`/orders/${job.id}`} size="sm" className="mono">
          {job.id}
        </Anchor>
      ) : (
        <span className="mono">{job.id}</span>
      ),
    csv: (job) => job.id,
  },
  { name: 'Lane', cell: (job) => job.lane || '–', csv: (job) => job.lane },
  { name: 'Due', cell: (job) => when(job.dueAt), csv: (job) => job.dueAt },
  {
    name: 'Failing since',
    cell: (job) =>
      job.failingSince ? <Tag color="red">{when(job.failingSince)}</Tag> : <Tag color="blue">Waits</Tag>,
    csv: (job) => job.failingSince,
  },
  { name: 'Last words', cell: (job) => job.lastWords ?? '–', csv: (job) => job.lastWords },
  { name: 'Tries', right: true, cell: (job) => count(job.attempts), csv: (job) => job.attempts },
];

/** Work that waits to be done. */
export function Work() {
  const [isFailed, setFailed] = useState(true);
  const [chosen, setChosen] = useState('');
  const jobs = useQuery(jobsQuery({ failed: isFailed, kind: chosen || undefined }));
  return (
    <Card
      title="Work that waits"
      flush
      actions={
        <ExportButton
          file="jobs.csv"
          columns={columns}
          rows={() => jobs.data ?? []}
          disabled={!jobs.data?.length}
        />
      }
    >
      <div className={ui.filters}>
        <NativeSelect
          label="Kind"
          size="sm"
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[
            { value: '', label: 'All' },
            ...jobKinds.map((one) => ({ value: one, label: kindName(one) })),
          ]}
        />
        <Checkbox
          label="Only what fails"
          pb="xs"
          checked={isFailed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
        />
      </div>
      <Shown of={jobs} lines={6}>
        {(rows) => (
          <PagedTable
            caption="Work that waits"
            noun="job"
            columns={columns}
            rows={rows}
            keyOf={(job) => `${job.kind} ${job.id}`}
            empty={
              isFailed ? (
                <Empty title="Nothing fails">What was refused and is tried again appears here.</Empty>
              ) : (
                <Empty title="Nothing waits" />
              )
            }
          />
        )}
      </Shown>
    </Card>
  );
}
