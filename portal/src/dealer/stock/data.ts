import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, carriedOut, take, type Schemas } from '~/shared/api/client';
import { cursorPages, whileOpen } from '~/shared/api/pages';

export type Sku = Schemas['Sku'];
export type OwnedEsim = Schemas['OwnedEsim'];
export type Sale = Schemas['SupplySale'];
export type Check = Schemas['ListedCheck'];

const interval = 1_500;

export const skusQuery = queryOptions({
  queryKey: ['stock', 'skus'],
  queryFn: async () =>
    (
      await take(
        api.GET('/api/portal/v1/services/{service}/skus', {
          params: { path: { service: 'esim_supply_att' } },
        }),
      )
    ).skus,
});

export const countsQuery = queryOptions({
  queryKey: ['stock', 'counts'],
  queryFn: async () =>
    (await take(api.GET('/api/portal/v1/esim-supply/stock'))).stats as Record<string, number>,
});

/** How many can be bought of what a SKU sells. */
export function availableOf(sku: Sku, counts: Record<string, number>): number {
  return counts[`${sku.carrier}.${sku.plan_type}.available`] ?? 0;
}

export const esimsPerPage = 25;

export const ownedQuery = (page: number) =>
  queryOptions({
    queryKey: ['stock', 'owned', page],
    queryFn: () => owned(esimsPerPage, (page - 1) * esimsPerPage),
    placeholderData: keepPreviousData,
  });

function owned(limit: number, offset: number) {
  return take(api.GET('/api/portal/v1/esim-supply/my', { params: { query: { limit, offset } } }));
}

export async function allOwned(): Promise<OwnedEsim[]> {
  const most = 1000;
  const rows: OwnedEsim[] = [];
  for (;;) {
    const page = await owned(most, rows.length);
    rows.push(...page.esims);
    if (page.esims.length < most) return rows;
  }
}

export async function buy(sku_id: string, quantity: number, max_price_usd: number, key: string) {
  const params = { header: { 'Idempotency-Key': key } };
  const body = { sku_id, quantity, max_price_usd };
  return carriedOut(
    await take(api.POST('/api/portal/v1/services/esim_supply_att/execute', { params, body })),
  );
}

export function requestReplacement(iccid: string) {
  return take(api.POST('/api/portal/v1/esim-supply/replace', { body: { iccid } }));
}

/** What became of the eSIMs that were to be replaced, the newest first. */
export const checksQuery = cursorPages(
  ['stock', 'checks'],
  (cursor) => take(api.GET('/api/portal/v1/esim-supply/replace', { params: { query: { cursor } } })),
  (rows) => rows.some((check) => check.decision === 'pending') && interval,
);

/** When a device last found that one can still be installed, by ICCID. */
export function installableAt(
  checks: Pick<Check, 'iccid' | 'decision' | 'requested_at'>[],
): Map<string, string> {
  const newest = new Map<string, string>();
  // The newest come first, so the last one that is written is the oldest.
  for (const { iccid, decision, requested_at } of [...checks].reverse())
    if (decision === 'install_again') newest.set(iccid, requested_at);
    else newest.delete(iccid);
  return newest;
}

export const replacementQuery = (check: string) =>
  queryOptions({
    queryKey: ['replacement', check],
    queryFn: () =>
      take(
        api.GET('/api/portal/v1/esim-supply/replace/status/{check_id}', {
          params: { path: { check_id: check } },
        }),
      ),
    refetchInterval: whileOpen(interval, (replacement) => replacement.decision === 'pending'),
  });
