import { queryOptions } from '@tanstack/react-query';
import { api, take, type Told } from '../api/client';

export type Routes = Told<'/admin/v1/routes'>;
export type Route = Routes['routes'][number];
export type Pin = Routes['pins'][number];
export type RouteExplanation = Told<'/admin/v1/routes/explain'>;

export const routesQuery = queryOptions({
  queryKey: ['routes'],
  queryFn: () => take(api.GET('/admin/v1/routes')),
});

/** Lets one product be bought for another. */
export function addRoute(product: string, other: string) {
  return take(api.POST('/admin/v1/routes', { body: { product, other } }));
}

export function removeRoute({ product, other }: Route) {
  return take(api.POST('/admin/v1/routes/remove', { body: { product, other } }));
}

export interface PinWish {
  /** All that the dealer orders, if it is left open. */
  product?: string;
  /** Everybody, if it is left open. */
  dealer?: string;
  /** If it is left open, the pin is removed. */
  provider?: string;
}

export function pin(wish: PinWish) {
  return take(api.POST('/admin/v1/routes/pin', { body: wish }));
}

export function explainRoute(product: string, dealer: string | undefined) {
  return take(api.GET('/admin/v1/routes/explain', { params: { query: { product, dealer } } }));
}

/** What a pin is for: `p3:jp-5gb, for jo@example.com`. */
export function pinnedOf({ product, dealer }: Pick<Pin, 'product' | 'dealer'>): string {
  const what = product ?? 'everything';
  return dealer ? `${what}, for ${dealer}` : what;
}
