import { queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import { allRows, cursorPages } from '~/shared/api/pages';
import type { WalletFilters } from './filters';

export type Transaction = Schemas['ListedTransaction'];

export const walletQuery = queryOptions({
  queryKey: ['wallet'],
  queryFn: () => take(api.GET('/dealer/wallet')),
});

const entriesPerPage = 50;
const entriesPerExport = 100;

function page(filters: WalletFilters, cursor: string | undefined, limit: number) {
  const { type, from, to } = filters;
  return take(api.GET('/dealer/transactions', { params: { query: { type, from, to, cursor, limit } } }));
}

export const transactionsQuery = ({ type, from, to }: WalletFilters) =>
  cursorPages(['wallet', 'transactions', { type, from, to }], (cursor) =>
    page({ type, from, to }, cursor, entriesPerPage),
  );

/** All that the filters let through, for a file. */
export function allTransactions(filters: WalletFilters): Promise<Transaction[]> {
  return allRows((cursor) => page(filters, cursor, entriesPerExport));
}

/** What a card payment costs, before it is made. */
export const feeQuery = (net: number) =>
  queryOptions({
    queryKey: ['topup', net],
    queryFn: () => take(api.GET('/dealer/topup/preview', { params: { query: { net } } })),
    staleTime: Infinity,
  });

export function startCheckout(amountUsd: number, key: string) {
  return take(
    api.POST('/dealer/topup', { body: { amountUsd }, params: { header: { 'Idempotency-Key': key } } }),
  );
}
