import { queryOptions } from '@tanstack/react-query';
import { api, take, type Row } from '../api/client';

export type Sku = Row<'/admin/v1/skus'>;

export const skusQuery = queryOptions({
  queryKey: ['skus'],
  queryFn: () => take(api.GET('/admin/v1/skus')),
});

export interface NewSku {
  service: string;
  name: string;
  carrier: string;
  plan_type: string;
  price: string;
}

export function addSku(body: NewSku) {
  return take(api.POST('/admin/v1/skus', { body }));
}

/** For everybody, or for one dealer. */
export function setSkuPrice(id: string, price: string, email?: string) {
  return take(api.POST('/admin/v1/skus/{id}/price', { params: { path: { id } }, body: { price, email } }));
}
