import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import type { WalletFilters } from './filters';

export type Transaction = Schemas['Transaction'];

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
  infiniteQueryOptions({
    queryKey: ['wallet', 'transactions', { type, from, to }],
    queryFn: ({ pageParam }) => page({ type, from, to }, pageParam, entriesPerPage),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });

/** All that the filters let through, for a file. */
export async function allTransactions(filters: WalletFilters): Promise<Transaction[]> {
  const rows: Transaction[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(filters, cursor, entriesPerExport);
    rows.push(...next.data);
    cursor = next.next_cursor ?? undefined;
  } while (cursor);
  return rows;
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
