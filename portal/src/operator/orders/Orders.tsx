import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { ExportButton } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { SearchField } from '../SearchField';
import { allOrders, listed, ordersQuery } from './data';
import { lookOf, orderStatuses, type OrderFilters } from './filters';
import { OrdersTable, exportedColumns } from './OrdersTable';

const route = getRouteApi('/inside/orders');
const none: OrderFilters = {
  q: undefined,
  status: undefined,
  dealer: undefined,
  since: undefined,
  stuck: undefined,
};

export function Orders() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuery(ordersQuery(filters));
  const set = (change: Partial<OrderFilters>) =>
    void navigate({ search: (old: OrderFilters) => ({ ...old, ...change }), replace: true });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  const showAll = (
    <Button variant="default" size="sm" onClick={() => set(none)}>
      Show all
    </Button>
  );
  return (
    <Page
      name="Orders"
      actions={
        <ExportButton
          file="orders.csv"
          columns={exportedColumns}
          rows={() => allOrders(filters)}
          disabled={!list.data?.length}
        />
      }
    >
      <Card flush>
        <div className={ui.filters}>
          <SearchField placeholder="What a customer quotes" value={filters.q} set={(q) => set({ q })} />
          <SearchField
            label="Dealer"
            placeholder="Email address"
            value={filters.dealer}
            set={(dealer) => set({ dealer })}
          />
          <NativeSelect
            label="Status"
            size="sm"
            value={filters.status ?? ''}
            onChange={(event) =>
              set({ status: orderStatuses.find((status) => status === event.currentTarget.value) })
            }
            data={[
              { value: '', label: 'All' },
              ...orderStatuses.map((status) => ({ value: status, label: lookOf(status).name })),
            ]}
          />
          <TextInput
            label="Since"
            type="date"
            size="sm"
            value={filters.since ?? ''}
            onChange={(event) => set({ since: event.currentTarget.value || undefined })}
          />
          <Checkbox
            label="Stuck only"
            pb="xs"
            checked={filters.stuck ?? false}
            onChange={(event) => set({ stuck: event.currentTarget.checked || undefined })}
          />
        </div>
        <Shown of={list} lines={8}>
          {(rows) => (
            <OrdersTable
              rows={rows}
              note={rows.length === listed && ', the newest. The filters find what is older.'}
              empty={
                isFiltered ? (
                  <Empty title="No order matches" action={showAll}>
                    An order is found by whatever a customer can quote, as a whole: its number, a reference,
                    an email address, an ICCID, an activation code or a telephone number.
                  </Empty>
                ) : (
                  <Empty title="No orders yet">They stand here as soon as a dealer has placed one.</Empty>
                )
              }
            />
          )}
        </Shown>
      </Card>
    </Page>
  );
}
