import { queryOptions } from '@tanstack/react-query';
import { unlessTold } from '~/shared/api/follow';
import { api, mostRows, take, type Row } from '../api/client';

export type Job = Row<'/admin/v1/jobs'>;
export type Mail = Row<'/admin/v1/mails'>;
export type Delivery = Row<'/admin/v1/webhooks'>;
export type Batch = Row<'/admin/v1/batches'>;

const interval = 5_000;

const yes = (flag: boolean | undefined) => (flag ? ('true' as const) : undefined);

export const jobsQuery = (filters: { failed?: boolean; kind?: string }) =>
  queryOptions({
    queryKey: ['jobs', filters],
    queryFn: () =>
      take(
        api.GET('/admin/v1/jobs', {
          params: { query: { failed: yes(filters.failed), kind: filters.kind, limit: mostRows } },
        }),
      ),
    refetchInterval: () => unlessTold(interval),
  });

export const mailsQuery = (failed?: boolean) =>
  queryOptions({
    queryKey: ['mails', failed ?? false],
    queryFn: () =>
      take(api.GET('/admin/v1/mails', { params: { query: { failed: yes(failed), limit: mostRows } } })),
  });

export function resendMail(mail: string) {
  return take(api.POST('/admin/v1/mails/{mail}/resend', { params: { path: { mail } } }));
}

/** What dealers' webhooks were told. */
export const deliveriesQuery = (filters: { failed: boolean; dealer?: string }) =>
  queryOptions({
    queryKey: ['webhooks', filters],
    queryFn: () =>
      take(
        api.GET('/admin/v1/webhooks', {
          params: { query: { failed: yes(filters.failed), dealer: filters.dealer, limit: mostRows } },
        }),
      ),
    refetchInterval: () => unlessTold(interval),
  });

export function replayDelivery(delivery: string) {
  return take(api.POST('/admin/v1/webhooks/{delivery}/replay', { params: { path: { delivery } } }));
}

export function cancelBatch(batch: string) {
  return take(api.POST('/admin/v1/batches/{batch}/cancel', { params: { path: { batch } } }));
}

/** Those of one code, by which a replacement is decided, are no dealer's. */
export const ofDealers = (batches: Batch[]) => batches.filter((batch) => batch.source !== 'replacement');

export const batchesQuery = (filters: { running?: boolean; dealer?: string } = {}) =>
  queryOptions({
    queryKey: ['batches', filters],
    queryFn: () =>
      take(
        api.GET('/admin/v1/batches', {
          params: { query: { running: yes(filters.running), dealer: filters.dealer, limit: mostRows } },
        }),
      ),
    // As long as one of them moves.
    refetchInterval: (query) =>
      query.state.data?.some((batch) => batch.completedAt === null) ? unlessTold(interval) : false,
  });
