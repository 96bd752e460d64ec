import { queryOptions } from '@tanstack/react-query';
import { unlessTold } from '~/shared/api/follow';
import { api, mostRows, take, type Row, type Told } from '../api/client';

export type Payment = Row<'/admin/v1/payments'>;
export type PaymentInWhole = Told<'/admin/v1/payments/{id}'>;
export type Unmatched = Row<'/admin/v1/stripe/unmatched'>;

export const paymentsQuery = (dealer?: string) =>
  queryOptions({
    queryKey: ['payments', dealer ?? null],
    queryFn: () => take(api.GET('/admin/v1/payments', { params: { query: { dealer, limit: mostRows } } })),
  });

export const paymentQuery = (id: string) =>
  queryOptions({
    queryKey: ['payment', id],
    queryFn: () => take(api.GET('/admin/v1/payments/{id}', { params: { path: { id } } })),
  });

/** Asks Stripe again, and does what is missing. */
export function replay(id: string) {
  return take(api.POST('/admin/v1/payments/{id}/replay', { params: { path: { id } } }));
}

export const unmatchedQuery = queryOptions({
  queryKey: ['unmatched'],
  queryFn: () => take(api.GET('/admin/v1/stripe/unmatched')),
});

export function settle(event: string, reason: string) {
  return take(
    api.POST('/admin/v1/stripe/unmatched/{event}/settle', { params: { path: { event } }, body: { reason } }),
  );
}

interface Days {
  from: string;
  to: string;
}

export function reconcile(days: Days) {
  return take(api.GET('/admin/v1/stripe/reconciliation', { params: { query: days } }));
}

export const salesQuery = (days: Days) =>
  queryOptions({
    queryKey: ['sales', days],
    queryFn: () => take(api.GET('/admin/v1/reports/sales', { params: { query: days } })),
  });

export type Sale = Row<'/admin/v1/reports/sales'>;

export const providersQuery = queryOptions({
  queryKey: ['providers'],
  // Orders without a prefix are the first provider's, and are held and released with it.
  queryFn: async () => (await take(api.GET('/admin/v1/providers'))).filter(({ prefix }) => prefix !== ''),
  refetchInterval: () => unlessTold(10_000),
});

export type Provider = Row<'/admin/v1/providers'>;

/** What a provider has delivered, to compare with its invoice. */
export function deliveries(prefix: string, days: Days) {
  return take(api.GET('/admin/v1/providers/{prefix}/orders', { params: { path: { prefix }, query: days } }));
}
