import { queryOptions } from '@tanstack/react-query';
import { api, take, takeText } from '~/shared/api/client';
import { isoDay } from '~/shared/text/format';
import type { Webhook } from '../developers/data';

export const daysShown = 30;
const aDay = 86_400_000;

const daysAgo = (days: number) => new Date(Date.now() - days * aDay);

/** The statement of the days that the overview shows. */
export const statementQuery = queryOptions({
  queryKey: ['wallet', 'statement', daysShown],
  queryFn: async () => {
    const from = daysAgo(daysShown - 1);
    const to = new Date();
    return { from, to, text: await takeText(`/dealer/statement?from=${isoDay(from)}&to=${isoDay(to)}`) };
  },
  staleTime: 60_000,
});

const daysOfFailures = 7;

/** Orders that failed within the last week. */
export const failuresQuery = queryOptions({
  queryKey: ['orders', 'failures'],
  queryFn: () =>
    take(
      api.GET('/dealer/orders', {
        params: { query: { status: 'failed', from: isoDay(daysAgo(daysOfFailures)), limit: 5 } },
      }),
    ),
});

export const recentQuery = queryOptions({
  queryKey: ['orders', 'recent'],
  queryFn: () => take(api.GET('/dealer/orders', { params: { query: { limit: 5 } } })),
});

const lowUnlessSaid = 50;

/** Below this a wallet needs attention: the most that the dealer wants a webhook to be told at. */
export function lowBalanceUsd(hooks: Pick<Webhook, 'events' | 'low_balance_usd'>[]): number {
  const said = hooks.filter((hook) => hook.events.includes('wallet.low_balance'));
  return said.length > 0 ? Math.max(...said.map((hook) => hook.low_balance_usd)) : lowUnlessSaid;
}
