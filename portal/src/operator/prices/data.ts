import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, take, type Row, type Schemas } from '../api/client';
import type { PriceFilters } from './filters';

export type Sku = Row<'/admin/v1/skus'>;
export type PriceRule = Schemas['PriceRule'];
export type PriceWish = Schemas['PriceWish'];
export type PricePreview = Schemas['PricePreview'];
export type PriceExplanation = Schemas['PriceExplanation'];

const rulesPerPage = 50;
const rulesPerExport = 100;

function page(filters: PriceFilters, cursor: string | undefined, limit: number) {
  return take(api.GET('/admin/v1/prices', { params: { query: { ...filters, cursor, limit } } }));
}

export const rulesQuery = (filters: PriceFilters) =>
  infiniteQueryOptions({
    queryKey: ['prices', filters],
    queryFn: ({ pageParam }) => page(filters, pageParam, rulesPerPage),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** For an exported file. */
export async function allRules(filters: PriceFilters): Promise<PriceRule[]> {
  const rules: PriceRule[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(filters, cursor, rulesPerExport);
    rules.push(...next.data);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return rules;
}

/** What would cost something else by this rule. */
export async function previewRule(wish: PriceWish): Promise<PricePreview> {
  const said = await take(api.POST('/admin/v1/prices', { body: { ...wish, validateOnly: true } }));
  if (!('validateOnly' in said)) throw new Error('the service has set what was to be looked at');
  return said;
}

export function setRule(wish: PriceWish, belowCost: boolean) {
  return take(api.POST('/admin/v1/prices', { body: { ...wish, belowCost } }));
}

export function endRule(id: string) {
  return take(api.DELETE('/admin/v1/prices/{id}', { params: { path: { id } } }));
}

export function explain(product: string, dealer: string | undefined) {
  return take(api.GET('/admin/v1/prices/explain', { params: { query: { product, dealer } } }));
}

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
