import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import { readSearch, type OrderFilters } from './filters';
import { isUnderWay } from './words';

export type ListedOrder = Schemas['ListedOrder'];
export type OrderDetails = Schemas['Order'];
export type OrderEsim = Schemas['OrderEsim'];

const ordersPerPage = 50;
const ordersPerExport = 100;
const interval = 1_500;

function page({ q, status, from, to }: OrderFilters, cursor: string | undefined, limit: number) {
  const sought = q ? readSearch(q) : undefined;
  const query = { status, from, to, cursor, limit, ...(sought?.kind === 'query' ? sought.query : {}) };
  return take(api.GET('/dealer/orders', { params: { query } }));
}

export const ordersQuery = (filters: OrderFilters) =>
  infiniteQueryOptions({
    queryKey: ['orders', filters],
    queryFn: ({ pageParam }) => page(filters, pageParam, ordersPerPage),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // The first page alone is worth watching.
    refetchInterval: (query) => {
      const pages = query.state.data?.pages ?? [];
      return pages.length === 1 && pages[0]!.data.some((order) => isUnderWay(order.status))
        ? 2 * interval
        : false;
    },
  });

export async function allOrders(filters: OrderFilters): Promise<ListedOrder[]> {
  const rows: ListedOrder[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(filters, cursor, ordersPerExport);
    rows.push(...next.data);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return rows;
}

export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order],
    queryFn: () => take(api.GET('/dealer/orders/{order}', { params: { path: { order } } })),
    refetchInterval: (query) => (query.state.data && isUnderWay(query.state.data.status) ? interval : false),
  });

export function resend(order: string, email: string | undefined, key: string) {
  return take(
    api.POST('/dealer/resend-email/{orderId}', {
      params: { path: { orderId: order }, header: { 'Idempotency-Key': key } },
      body: { email },
    }),
  );
}

export function replace(order: string, unit: number | undefined, maxPriceUsd: number, key: string) {
  return take(
    api.POST('/dealer/replace/{orderId}', {
      params: { path: { orderId: order }, header: { 'Idempotency-Key': key } },
      body: { unit, maxPriceUsd },
    }),
  );
}

export function revoke(iccid: string) {
  return take(api.POST('/api/v1/esim/revoke', { body: { iccid } }));
}

export const usageQuery = (iccid: string) =>
  queryOptions({
    queryKey: ['usage', iccid],
    queryFn: () => take(api.POST('/api/v1/esim/details', { body: { iccid } })),
    staleTime: 60_000,
  });
