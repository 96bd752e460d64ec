export const sortings = ['name', 'price', 'data', 'days'] as const;
export type Sorting = (typeof sortings)[number];

export interface ShopFilters {
  q?: string;
  region?: string;
  sort?: Sorting;
  /** The product that is being ordered. */
  product?: string;
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

/** The filters in the page's address; what is none of them is left out. */
export function shopFilters(search: Record<string, unknown>): ShopFilters {
  return {
    q: text(search.q),
    region: text(search.region),
    sort: sortings.find((one) => one === search.sort),
    product: text(search.product),
  };
}
