import { queryOptions } from '@tanstack/react-query';
import { api, take, type Row } from '../api/client';

export type Lot = Row<'/admin/v1/inventory/lots'>;
/** What a pool can sell, and below how many that is too little. */
export type Level = Row<'/admin/v1/inventory/pools'>;
export type Sold = Row<'/admin/v1/inventory/lots/{lot}/sold'>;

export const lotsQuery = queryOptions({
  queryKey: ['lots'],
  queryFn: () => take(api.GET('/admin/v1/inventory/lots')),
});

export const levelsQuery = queryOptions({
  queryKey: ['levels'],
  queryFn: () => take(api.GET('/admin/v1/inventory/pools')),
});

/** Says below how many a pool runs out. */
export function setThreshold(carrier: string, plan: string, threshold: number) {
  return take(
    api.POST('/admin/v1/inventory/{carrier}/{plan}/threshold', {
      params: { path: { carrier, plan } },
      body: { threshold },
    }),
  );
}

export const soldQuery = (lot: string) =>
  queryOptions({
    queryKey: ['lots', lot, 'sold'],
    queryFn: () => take(api.GET('/admin/v1/inventory/lots/{lot}/sold', { params: { path: { lot } } })),
  });

export interface Delivery {
  carrier: string;
  plan: string;
  lot?: string;
  cost_usd?: string;
}

/** What is there already is left out, and told of. */
export function importStock({ carrier, plan, ...query }: Delivery, csv: string) {
  return take(
    api.POST('/admin/v1/inventory/{carrier}/{plan}', {
      params: { path: { carrier, plan }, query },
      body: csv,
      bodySerializer: (text) => text,
      headers: { 'Content-Type': 'text/csv' },
    }),
  );
}

export type Imported = Awaited<ReturnType<typeof importStock>>;

export function withdraw(what: { lot?: string; iccids?: string[] }, reason: string) {
  return take(api.POST('/admin/v1/inventory/withdraw', { body: { ...what, reason } }));
}
