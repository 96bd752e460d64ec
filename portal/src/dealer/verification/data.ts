import { queryOptions, keepPreviousData } from '@tanstack/react-query';
import { api, carriedOut, take, takeText, type Schemas } from '~/shared/api/client';
import { whileOpen } from '~/shared/api/pages';
import { parseCsv } from '~/shared/text/csv';

export type Progress = Schemas['Progress'];
export type BatchView = { batch: Schemas['Batch']; progress: Progress };
export type ListedBatch = Schemas['ListedBatch'];

export const batchesPerPage = 20;

export const batchesQuery = (page: number) =>
  queryOptions({
    queryKey: ['batches', { page }],
    queryFn: () =>
      take(
        api.GET('/dealer/esim-verify', {
          params: { query: { limit: batchesPerPage, offset: (page - 1) * batchesPerPage } },
        }),
      ),
    placeholderData: keepPreviousData,
    // Batches are begun and end on other pages: each visit looks.
    staleTime: 0,
    // Only while something is under way.
    refetchInterval: whileOpen(3_000, (data) => data.batches.some((batch) => !batch.completed_at)),
  });

export const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ['batch', id],
    queryFn: () => take(api.GET('/dealer/esim-verify/{batch_id}', { params: { path: { batch_id: id } } })),
    refetchInterval: whileOpen(1_000, (data) => !data.batch.completed_at),
  });

export const verdicts = ['available', 'used', 'invalid', 'error', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];
export type RowStatus = Verdict | 'pending' | 'in_progress' | 'cancelled';

export interface ResultRow {
  line: number;
  iccid: string;
  lpa: string;
  status: RowStatus;
  reason: string;
}

export function readResults(csv: string): ResultRow[] {
  return parseCsv(csv)
    .slice(1)
    .map(([iccid = '', lpa = '', status = '', reason = ''], index) => ({
      line: index + 1,
      iccid,
      lpa,
      status: status as RowStatus,
      reason,
    }));
}

export const resultsPath = (id: string) => `/dealer/esim-verify/${id}/results.csv`;

/** All rows. `checked` rows have a verdict by now: another number of them is another answer. */
export const resultsQuery = (id: string, checked: number) =>
  queryOptions({
    queryKey: ['batch', id, 'results', checked],
    queryFn: async () => readResults(await takeText(resultsPath(id))),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

export const checkedOf = (progress: Progress) =>
  progress.available + progress.used + progress.invalid + progress.error_count + progress.unknown;

export interface BatchWish {
  lpas: string[];
  deduplicate: boolean;
}

export interface BatchCheck {
  rows: number;
  duplicates: number;
  malformed: { line: number; reason: string }[];
  totalUsd: number;
  balance?: number;
}

/** What the batch would cost and what is wrong in it; nothing is charged. */
export async function tryBatch(wish: BatchWish): Promise<BatchCheck> {
  const found = await take(api.POST('/dealer/esim-verify', { body: { ...wish, validateOnly: true } }));
  if (!('validateOnly' in found)) throw new Error('the batch was taken, though it was only to be looked at');
  const { rows = 0, duplicates = 0, malformed = [], totalUsd, balance } = found;
  return { rows, duplicates, malformed, totalUsd, balance };
}

export async function submitBatch(
  wish: BatchWish & { notify_email?: string; maxPriceUsd: number },
  key: string,
) {
  const params = { header: { 'Idempotency-Key': key } };
  return carriedOut(await take(api.POST('/dealer/esim-verify', { body: wish, params })));
}

export function cancelBatch(id: string) {
  return take(api.POST('/dealer/esim-verify/{batch_id}/cancel', { params: { path: { batch_id: id } } }));
}
