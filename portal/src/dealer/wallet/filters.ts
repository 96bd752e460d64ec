export const entryTypes = ['debit', 'topup', 'refund', 'credit', 'adjustment'] as const;
export type EntryType = (typeof entryTypes)[number];

export interface WalletFilters {
  type?: EntryType;
  from?: string;
  to?: string;
  /** The card payment that the reader comes back from. */
  topup?: string;
}

export const aDay = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;

/** The filters in the page's address; what is none of them is left out. */
export function walletFilters(search: Record<string, unknown>): WalletFilters {
  return {
    type: entryTypes.find((type) => type === search.type),
    from: aDay(search.from),
    to: aDay(search.to),
    topup: typeof search.topup === 'string' && search.topup ? search.topup : undefined,
  };
}
