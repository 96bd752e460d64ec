import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, mostRows, take, type Row } from '../api/client';
import type { Role } from '../roles';
import type { AuditFilters } from './filters';

export type AuditEvent = Row<'/admin/v1/audit'>;
export type Account = Row<'/admin/v1/operators'>;

const eventsPerPage = 50;

function page(filters: AuditFilters, before: number | undefined, limit: number) {
  return take(api.GET('/admin/v1/audit', { params: { query: { ...filters, before, limit } } }));
}

export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam }) => page(filters, pageParam, eventsPerPage),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.length < eventsPerPage ? undefined : last.at(-1)!.id),
    placeholderData: keepPreviousData,
  });

/** For an exported file. */
export const newestEvents = (filters: AuditFilters) => page(filters, undefined, mostRows);

export const operatorsQuery = queryOptions({
  queryKey: ['operators'],
  queryFn: () => take(api.GET('/admin/v1/operators')),
});

export function addOperator(email: string, role: Role, password: string) {
  return take(api.POST('/admin/v1/operators', { body: { email, role, password } }));
}

const of = (operator: string) => ({ params: { path: { operator } } });

/** Opens an account again that was closed. */
export function setRole(operator: string, role: Role) {
  return take(api.POST('/admin/v1/operators/{operator}/role', { ...of(operator), body: { role } }));
}

export function disable(operator: string) {
  return take(api.POST('/admin/v1/operators/{operator}/disable', of(operator)));
}

export function setPassword(operator: string, password: string) {
  return take(api.POST('/admin/v1/operators/{operator}/password', { ...of(operator), body: { password } }));
}

export function setCodes(operator: string, on: boolean) {
  return take(api.POST('/admin/v1/operators/{operator}/totp', { ...of(operator), body: { on } }));
}
