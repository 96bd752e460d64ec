import { queryOptions } from '@tanstack/react-query';
import { unlessTold } from '~/shared/api/follow';
import { api, take } from '../api/client';

const interval = 15_000;

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: () => take(api.GET('/admin/v1/health')),
  refetchInterval: () => unlessTold(interval),
});

/** Refetches what the overview shows of another page. */
export const often = { refetchInterval: () => unlessTold(interval) };

export function hold(prefix: string, reason: string) {
  return take(
    api.POST('/admin/v1/providers/{prefix}/hold', { params: { path: { prefix } }, body: { reason } }),
  );
}

export function release(prefix: string) {
  return take(api.POST('/admin/v1/providers/{prefix}/release', { params: { path: { prefix } } }));
}
