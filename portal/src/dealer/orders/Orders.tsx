import { Anchor, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { moment, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { DayRange, MoreFoot } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { allOrders, latestOrders, nearQuery, ordersQuery, type ListedOrder } from './data';
import { t } from '../words';
import { orderStatuses, readSearch, type OrderFilters } from './filters';
import { StatusBadge } from './StatusBadge';
import { whatOf } from './words';
import css from './orders.module.css';

const route = getRouteApi('/inside/orders');

const columns = (): Column<ListedOrder>[] => [
  {
    name: t.orders.order,
    cell: (order) => (
      <Anchor component={Link} to={`/orders/${order.shortId}`} size="sm" fw={550} className="figures">
        {order.shortId}
      </Anchor>
    ),
    csv: (order) => order.shortId,
  },
  {
    name: t.fields.time,
    whole: true,
    cell: (order) => moment(order.createdAt),
    csv: (order) => order.createdAt,
  },
  {
    name: t.fields.product,
    cell: whatOf,
    csv: (order) => order.productName,
  },
  {
    name: t.fields.customer,
    cell: (order) => order.customerEmail ?? '–',
    csv: (order) => order.customerEmail,
  },
  {
    name: t.fields.reference,
    cell: (order) => order.customerReference ?? '–',
    csv: (order) => order.customerReference,
  },
  {
    name: t.orders.status,
    cell: (order) => <StatusBadge status={order.status} />,
    csv: (order) => order.status,
  },
  {
    name: t.fields.total,
    right: true,
    cell: (order) => usd(order.totalUsd),
    csv: (order) => order.totalUsd.toFixed(2),
  },
];

export function Orders() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(ordersQuery(filters));
  const found = list.data?.pages.flatMap((page) => page.data) ?? [];
  const isNear = Boolean(filters.q) && list.isSuccess && found.length === 0;
  const near = useQuery({ ...nearQuery(filters), enabled: isNear });
  const rows = isNear ? (near.data ?? []) : found;
  const set = (change: Partial<OrderFilters>) =>
    void navigate({ search: (old: OrderFilters) => ({ ...old, ...change }), replace: true });
  const isFiltered = Boolean(filters.q ?? filters.status ?? filters.from ?? filters.to);
  return (
    <Page
      name={t.pages.orders}
      actions={
        <>
          <ExportButton
            file="orders.csv"
            columns={columns()}
            rows={() => (isNear ? rows : allOrders(filters))}
            disabled={rows.length === 0}
          />
          <Button component={Link} to="/shop" size="sm">
            {t.overview.newOrder}
          </Button>
        </>
      }
    >
      <Card flush>
        <div className={ui.filters}>
          <Search q={filters.q} set={(q) => set({ q })} />
          <NativeSelect
            label={t.orders.status}
            size="sm"
            value={filters.status ?? ''}
            onChange={(event) =>
              set({ status: orderStatuses.find((status) => status === event.currentTarget.value) })
            }
            data={[
              { value: '', label: t.fields.all },
              ...orderStatuses.map((status) => ({ value: status, label: t.orders.statuses[status] })),
            ]}
          />
          <DayRange from={filters.from} to={filters.to} set={set} />
        </div>
        <Shown<unknown> of={isNear ? near : list} lines={8}>
          {() => (
            <DataTable
              caption={t.pages.orders}
              columns={columns()}
              rows={rows}
              keyOf={(order) => order.id}
              empty={
                isFiltered ? (
                  <Empty
                    title={t.orders.none}
                    action={
                      <Button
                        variant="default"
                        size="sm"
                        onClick={() =>
                          set({ q: undefined, status: undefined, from: undefined, to: undefined })
                        }
                      >
                        {t.fields.showAll}
                      </Button>
                    }
                  >
                    {t.orders.noneText}
                  </Empty>
                ) : (
                  <Empty
                    title={t.overview.noOrders}
                    action={
                      <Button component={Link} to="/shop" size="sm">
                        {t.overview.toShop}
                      </Button>
                    }
                  />
                )
              }
              foot={isNear ? t.orders.near(latestOrders) : <MoreFoot rows={rows.length} list={list} />}
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
      label={t.fields.search}
      size="sm"
      className={css.search}
      leftSection={<IconSearch size={16} />}
      placeholder={t.orders.searchHint}
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
