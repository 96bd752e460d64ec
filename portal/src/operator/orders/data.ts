import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { whileOpen } from '~/shared/api/pages';
import { api, mostRows, take, type Schemas } from '../api/client';
import { isUnderWay, type OrderFilters } from './filters';

export type Order = Schemas['Order'];
export type OrderInWhole = Schemas['OrderInWhole'];

/** How many are listed; the filters find what is older. */
export const listed = 200;
const interval = 2_000;

function list({ stuck, ...filters }: OrderFilters, limit: number) {
  return take(
    api.GET('/admin/v1/orders', {
      params: { query: { ...filters, stuck: stuck ? 'true' : undefined, limit } },
    }),
  );
}

export const ordersQuery = (filters: OrderFilters, limit = listed) =>
  queryOptions({
    queryKey: ['orders', filters, limit],
    queryFn: () => list(filters, limit),
    placeholderData: keepPreviousData,
  });

/** For an exported file. */
export const allOrders = (filters: OrderFilters) => list(filters, mostRows);

export const orderQuery = (order: string) =>
  queryOptions({
    queryKey: ['order', order],
    queryFn: () => take(api.GET('/admin/v1/orders/{order}', { params: { path: { order } } })),
    refetchInterval: whileOpen(interval, (data) => isUnderWay(data.status)),
  });

export function retry(order: string, reason: string) {
  return take(api.POST('/admin/v1/orders/{order}/retry', { params: { path: { order } }, body: { reason } }));
}

export function fail(order: string, reason: string) {
  return take(api.POST('/admin/v1/orders/{order}/fail', { params: { path: { order } }, body: { reason } }));
}

export function note(order: string, reason: string) {
  return take(api.POST('/admin/v1/orders/{order}/notes', { params: { path: { order } }, body: { reason } }));
}

/** To the address that the order has, if none is named. */
export function resend(order: string, email: string | undefined, key: string) {
  return take(
    api.POST('/admin/v1/orders/{order}/resend', {
      params: { path: { order }, header: { 'Idempotency-Key': key } },
      body: { email },
    }),
  );
}
