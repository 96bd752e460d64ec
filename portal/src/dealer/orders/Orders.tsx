import { Anchor, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { count, moment, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { allOrders, ordersQuery, type ListedOrder } from './data';
import { orderStatuses, readSearch, statusLooks, type OrderFilters } from './filters';
import { StatusBadge } from './StatusBadge';
import css from './orders.module.css';

const route = getRouteApi('/inside/orders');

const columns: Column<ListedOrder>[] = [
  {
    name: 'Order',
    cell: (order) => (
      <Anchor component={Link} to={`/orders/${order.shortId}`} size="sm" fw={550} className="figures">
        {order.shortId}
      </Anchor>
    ),
    csv: (order) => order.shortId,
  },
  { name: 'Time', cell: (order) => moment(order.createdAt), csv: (order) => order.createdAt },
  {
    name: 'Product',
    cell: (order) => (
      <>
        {order.productName}
        {order.quantity > 1 && ` × ${order.quantity}`}
      </>
    ),
    csv: (order) => order.productName,
  },
  {
    name: 'Customer',
    cell: (order) => order.customerEmail ?? '–',
    csv: (order) => order.customerEmail,
  },
  {
    name: 'Reference',
    cell: (order) => order.customerReference ?? '–',
    csv: (order) => order.customerReference,
  },
  { name: 'Status', cell: (order) => <StatusBadge status={order.status} />, csv: (order) => order.status },
  {
    name: 'Total',
    right: true,
    cell: (order) => usd(order.totalUsd),
    csv: (order) => order.totalUsd.toFixed(2),
  },
];

export function Orders() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(ordersQuery(filters));
  const rows = list.data?.pages.flatMap((page) => page.data) ?? [];
  const set = (change: Partial<OrderFilters>) =>
    void navigate({ search: (old: OrderFilters) => ({ ...old, ...change }), replace: true });
  const isFiltered = Boolean(filters.q ?? filters.status ?? filters.from ?? filters.to);
  return (
    <Page
      name="Orders"
      actions={
        <>
          <ExportButton
            file="orders.csv"
            columns={columns}
            rows={() => allOrders(filters)}
            disabled={rows.length === 0}
          />
          <Button component={Link} to="/shop" size="sm">
            New order
          </Button>
        </>
      }
    >
      <Card flush>
        <div className={ui.filters}>
          <Search q={filters.q} set={(q) => set({ q })} />
          <NativeSelect
            label="Status"
            size="sm"
            value={filters.status ?? ''}
            onChange={(event) =>
              set({ status: orderStatuses.find((status) => status === event.currentTarget.value) })
            }
            data={[
              { value: '', label: 'All' },
              ...orderStatuses.map((status) => ({ value: status, label: statusLooks[status].name })),
            ]}
          />
          <TextInput
            label="From"
            type="date"
            size="sm"
            value={filters.from ?? ''}
            onChange={(event) => set({ from: event.currentTarget.value || undefined })}
          />
          <TextInput
            label="To"
            type="date"
            size="sm"
            value={filters.to ?? ''}
            onChange={(event) => set({ to: event.currentTarget.value || undefined })}
          />
        </div>
        <Shown of={list} lines={8}>
          {() => (
            <DataTable
              caption="Orders"
              columns={columns}
              rows={rows}
              keyOf={(order) => order.id}
              empty={
                isFiltered ? (
                  <Empty
                    title="No order matches"
                    action={
                      <Button
                        variant="default"
                        size="sm"
                        onClick={() =>
                          set({ q: undefined, status: undefined, from: undefined, to: undefined })
                        }
                      >
                        Show all
                      </Button>
                    }
                  >
                    A reference is found as a whole, a customer by the whole address.
                  </Empty>
                ) : (
                  <Empty
                    title="No orders yet"
                    action={
                      <Button component={Link} to="/shop" size="sm">
                        Go to the shop
                      </Button>
                    }
                  />
                )
              }
              foot={
                <>
                  <span>{count(rows.length)} shown</span>
                  {list.hasNextPage && (
                    <Button
                      variant="default"
                      size="compact-sm"
                      loading={list.isFetchingNextPage}
                      onClick={() => void list.fetchNextPage()}
                    >
                      Show more
                    </Button>
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

/** Asks as soon as the reader stops to type; an order's own id goes to the order. */
function Search({ q, set }: { q: string | undefined; set: (q: string | undefined) => void }) {
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(q ?? '');
  const [timer, setTimer] = useState<number>();
  const ask = (text: string) => {
    const sought = readSearch(text);
    if (sought.kind === 'order') void navigate({ to: '/orders/$order', params: { order: sought.order } });
    else set(text.trim() || undefined);
  };
  return (
    <TextInput
      label="Search"
      size="sm"
      className={css.search}
      leftSection={<IconSearch size={16} />}
      placeholder="Reference, ICCID, email or MM-…"
      value={typed}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        window.clearTimeout(timer);
        setTimer(window.setTimeout(() => ask(text), 300));
      }}
    />
  );
}
