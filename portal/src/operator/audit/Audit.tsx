import { TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { MoreFoot } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { useMay } from '../roles';
import { SearchField } from '../SearchField';
import { when } from '../when';
import css from './audit.module.css';
import { changesOf } from './changes';
import { auditQuery, newestEvents, type AuditEvent } from './data';
import type { AuditFilters } from './filters';
import { Operators } from './Operators';

const route = getRouteApi('/inside/audit');
const json = (value: AuditEvent['before']) => (value === null ? null : JSON.stringify(value));

function What({ event }: { event: AuditEvent }) {
  const changes = changesOf(event.before, event.after);
  if (changes.length === 0) return <>–</>;
  return (
    <ul className={css.changes}>
      {changes.map((change) => (
        <li key={change.field}>
          <span className={css.field}>{change.field}</span>
          {change.before !== undefined && <del>{change.before}</del>}
          {change.after !== undefined && <ins>{change.after}</ins>}
        </li>
      ))}
    </ul>
  );
}

const columns: Column<AuditEvent>[] = [
  { name: 'Time', cell: (event) => when(event.at), csv: (event) => event.at },
  {
    name: 'Who',
    cell: (event) => (
      <>
        {event.actor}
        {event.address && <div className={ui.lead}>{event.address}</div>}
      </>
    ),
    csv: (event) => event.actor,
  },
  { name: 'Did', cell: (event) => <span className="mono">{event.kind}</span>, csv: (event) => event.kind },
  { name: 'To', cell: (event) => event.subject, csv: (event) => event.subject },
  { name: 'What changed', cell: (event) => <What event={event} />, csv: (event) => json(event.after) },
];

const exportedColumns: Column<AuditEvent>[] = [
  ...columns,
  { name: 'Before', cell: () => null, csv: (event) => json(event.before) },
  { name: 'Address', cell: () => null, csv: (event) => event.address },
  { name: 'Request', cell: () => null, csv: (event) => event.request_id },
];

export function Audit() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(auditQuery(filters));
  const isAdmin = useMay('admin');
  const rows = list.data?.pages.flat() ?? [];
  const set = (change: Partial<AuditFilters>) =>
    void navigate({ search: (old: AuditFilters) => ({ ...old, ...change }), replace: true });
  return (
    <Page
      name="Audit"
      lead="Who did what: every change by an operator, and what concerns a dealer’s safety"
      actions={
        <ExportButton
          file="audit.csv"
          columns={exportedColumns}
          rows={() => newestEvents(filters)}
          disabled={rows.length === 0}
        />
      }
    >
      <Card flush>
        <div className={ui.filters}>
          <SearchField
            label="Who"
            placeholder="Email, automation, dealer:…"
            value={filters.actor}
            set={(actor) => set({ actor })}
          />
          <SearchField
            label="To"
            placeholder="Email, order, node…"
            value={filters.subject}
            set={(subject) => set({ subject })}
          />
          <TextInput
            label="Since"
            type="date"
            size="sm"
            value={filters.since ?? ''}
            onChange={(event) => set({ since: event.currentTarget.value || undefined })}
          />
        </div>
        <Shown of={list} lines={8}>
          {() => (
            <DataTable
              caption="Events"
              columns={columns}
              rows={rows}
              keyOf={(event) => String(event.id)}
              empty={<Empty title="Nothing was done that matches">Names are found as a whole.</Empty>}
              foot={<MoreFoot rows={rows.length} list={list} />}
            />
          )}
        </Shown>
      </Card>
      {isAdmin && <Operators />}
    </Page>
  );
}
