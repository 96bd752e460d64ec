import { queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import { allRows, cursorPages, whileOpen } from '~/shared/api/pages';
import { isIn, isUnderWay, readSearch, type OrderFilters } from './filters';

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
  cursorPages(
    ['orders', filters],
    (cursor) => page(filters, cursor, ordersPerPage),
    (rows) => (rows.some((order) => isUnderWay(order.status)) ? 2 * interval : false),
  );

export const latestOrders = 100;

/** Of the latest orders those in which the sought text stands somewhere: the service finds whole words alone. */
export const nearQuery = ({ q = '', ...filters }: OrderFilters) =>
  queryOptions({
    queryKey: ['orders', 'near', { q, ...filters }],
    queryFn: async () => {
      const { data } = await page(filters, undefined, latestOrders);
      return data.filter((order) =>
        isIn([order.shortId, order.customerEmail, order.customerReference, order.productName], q),
      );
    },
  });

export function allOrders(filters: OrderFilters): Promise<ListedOrder[]> {
  return allRows((cursor) => page(filters, cursor, ordersPerExport));
}

export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order],
    queryFn: () => take(api.GET('/dealer/orders/{order}', { params: { path: { order } } })),
    refetchInterval: whileOpen(interval, (data) => isUnderWay(data.status)),
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
