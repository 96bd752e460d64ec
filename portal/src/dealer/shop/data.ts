import { queryOptions } from '@tanstack/react-query';
import { api, carriedOut, take, type Schemas } from '~/shared/api/client';
import { isMeant, plain } from '../countries';
import type { ShopFilters, Sorting } from './filters';

export type Product = Schemas['Product'];
export type OrderWish = Schemas['OrderWish'];

/** The whole catalogue, so that filters answer while one types. */
export const productsQuery = queryOptions({
  queryKey: ['products'],
  queryFn: async () => (await take(api.GET('/dealer/products', { params: { query: { all: 'true' } } }))).data,
  staleTime: 5 * 60_000,
});

/** 3 GB stands before 10 GB. */
const byName = (a: Product, b: Product) => a.name.localeCompare(b.name, undefined, { numeric: true });

const orders: Record<Sorting, (a: Product, b: Product) => number> = {
  name: byName,
  price: (a, b) => a.priceUsd - b.priceUsd,
  data: (a, b) => (b.dataMb ?? 0) - (a.dataMb ?? 0),
  days: (a, b) => (b.validityDays ?? 0) - (a.validityDays ?? 0),
};

/** Whether every word of the search is in the product's name or means its country or region. */
function isSought(product: Product, words: string): boolean {
  return words
    .split(/\s+/)
    .filter(Boolean)
    .every(
      (word) =>
        plain(`${product.name} ${product.id} ${product.region ?? ''}`).includes(plain(word)) ||
        (product.country !== null && isMeant(product.country, word)),
    );
}

export function chosenProducts(products: Product[], filters: ShopFilters): Product[] {
  return products
    .filter((product) => !filters.region || product.region === filters.region)
    .filter((product) => isSought(product, filters.q ?? ''))
    .sort((a, b) => orders[filters.sort ?? 'name'](a, b) || byName(a, b));
}

export function regionsOf(products: Product[]): string[] {
  return [...new Set(products.map((product) => product.region).filter((region) => region !== null))].sort();
}

/** The ids of those that look alike in the list, as two providers may sell the same: their ids tell them apart. */
export function twinsOf(products: Product[]): Set<string> {
  const alike = new Map<string, string[]>();
  for (const { id, name, country, dataMb, validityDays, priceUsd } of products) {
    const look = JSON.stringify([name, country, dataMb, validityDays, priceUsd]);
    alike.set(look, [...(alike.get(look) ?? []), id]);
  }
  return new Set([...alike.values()].filter((ids) => ids.length > 1).flat());
}

export async function placeOrder(wish: OrderWish, key: string) {
  const params = { header: { 'Idempotency-Key': key } };
  return carriedOut(await take(api.POST('/dealer/order', { body: wish, params })));
}
