import { text } from '../search';

export interface PriceFilters {
  dealer?: string;
  product?: string;
  country?: string;
  /** Also rules that were replaced or have ended. */
  all?: boolean;
}

/** The filters in the page's address; what is none of them is left out. */
export function priceFilters(search: Record<string, unknown>): PriceFilters {
  return {
    dealer: text(search.dealer),
    product: text(search.product),
    country: text(search.country)?.toUpperCase(),
    all: search.all === true || search.all === 'true' || undefined,
  };
}
