import { queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '../api/client';

export type Review = Schemas['Review'];

export const reviewsQuery = queryOptions({
  queryKey: ['reviews'],
  queryFn: () => take(api.GET('/admin/v1/reviews')),
});

export function resolve(check: string, decision: 'replace' | 'reject', note: string) {
  return take(
    api.POST('/admin/v1/reviews/{check}', {
      params: { path: { check } },
      body: { decision, note: note || undefined },
    }),
  );
}
