import { queryOptions } from '@tanstack/react-query';
import { unlessTold } from '~/shared/api/follow';
import { api, take, type Row, type Told } from '../api/client';

export type Device = Row<'/admin/v1/devices'>;
export type VerdictDay = Row<'/admin/v1/device-report'>;
export type Verdict = Told<'/admin/v1/verdicts/{batch}/{row}'>;

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: () => take(api.GET('/admin/v1/devices')),
  refetchInterval: () => unlessTold(2_000),
});

export function drain(name: string) {
  return take(api.POST('/admin/v1/devices/{name}/drain', { params: { path: { name } } }));
}

/** Lets a device test itself, after the check under way. */
export function test(name: string) {
  return take(api.GET('/admin/v1/devices/{name}/test', { params: { path: { name } } }));
}

export type TestResult = Awaited<ReturnType<typeof test>>;

export const reportQuery = (days: number) =>
  queryOptions({
    queryKey: ['device-report', days],
    queryFn: () => take(api.GET('/admin/v1/device-report', { params: { query: { days } } })),
  });

export function findVerdict(batch: string, row: string) {
  return take(api.GET('/admin/v1/verdicts/{batch}/{row}', { params: { path: { batch, row } } }));
}
