import { Anchor, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { count, day, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { SearchField } from '../SearchField';
import { matches } from '../search';
import { AddDealer, EraseCustomer } from './DealersActions';
import { dealersQuery, type Dealer } from './data';
import { dealerStatuses, statusLooks, type DealerFilters } from './filters';

const route = getRouteApi('/inside/dealers');

const columns: Column<Dealer>[] = [
  {
    name: 'Company',
    cell: (dealer) => (
      <Anchor component={Link} to={`/dealers/${dealer.email}`} size="sm" fw={550}>
        {dealer.company}
      </Anchor>
    ),
    csv: (dealer) => dealer.company,
  },
  { name: 'Email', cell: (dealer) => dealer.email, csv: (dealer) => dealer.email },
  {
    name: 'Status',
    cell: (dealer) => <Tag color={statusLooks[dealer.status].tone}>{statusLooks[dealer.status].name}</Tag>,
    csv: (dealer) => dealer.status,
  },
  {
    name: 'Portal',
    cell: (dealer) => (dealer.portal ? 'Yes' : 'No'),
    csv: (dealer) => String(dealer.portal),
  },
  { name: 'Since', cell: (dealer) => day(dealer.created_at), csv: (dealer) => dealer.created_at },
  {
    name: 'Keys',
    right: true,
    cell: (dealer) => count(dealer.keys),
    csv: (dealer) => dealer.keys,
  },
  {
    name: 'Markup',
    right: true,
    cell: (dealer) => `${dealer.markup_pct} %`,
    csv: (dealer) => dealer.markup_pct,
  },
  {
    name: 'Balance',
    right: true,
    cell: (dealer) => usd(dealer.balance),
    csv: (dealer) => dealer.balance.toFixed(2),
  },
];

export function Dealers() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(dealersQuery);
  const set = (change: Partial<DealerFilters>) =>
    void navigate({ search: (old: DealerFilters) => ({ ...old, ...change }), replace: true });
  const rows = (list.data ?? []).filter(
    (dealer) =>
      (!filters.status || dealer.status === filters.status) &&
      matches(filters.q, dealer.company, dealer.email, dealer.id),
  );
  return (
    <Page
      name="Dealers"
      actions={
        <>
          <ExportButton file="dealers.csv" columns={columns} rows={() => rows} disabled={rows.length === 0} />
          <EraseCustomer />
          <AddDealer />
        </>
      }
    >
      <Card flush>
        <div className={ui.filters}>
          <SearchField placeholder="Company or email" value={filters.q} set={(q) => set({ q })} />
          <NativeSelect
            label="Status"
            size="sm"
            value={filters.status ?? ''}
            onChange={(event) =>
              set({ status: dealerStatuses.find((status) => status === event.currentTarget.value) })
            }
            data={[
              { value: '', label: 'All' },
              ...dealerStatuses.map((status) => ({ value: status, label: statusLooks[status].name })),
            ]}
          />
        </div>
        <Shown of={list} lines={8}>
          {(all) => (
            <PagedTable
              caption="Dealers"
              noun="dealer"
              columns={columns}
              rows={rows}
              keyOf={(dealer) => dealer.id}
              empty={
                all.length > 0 ? (
                  <Empty title="No dealer matches" />
                ) : (
                  <Empty title="No dealers yet">
                    Add the first one: it can order as soon as it is approved.
                  </Empty>
                )
              }
            />
          )}
        </Shown>
      </Card>
    </Page>
  );
}
