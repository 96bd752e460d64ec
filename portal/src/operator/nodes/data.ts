import { queryOptions } from '@tanstack/react-query';
import { unlessTold } from '~/shared/api/follow';
import { api, take, takeText, type Row, type Told } from '../api/client';
import { certificatesIn } from './certificates';

export type Node = Row<'/admin/v1/nodes'>;
export type Proof = Told<'/admin/v1/ledger/check'>;
export type Heads = NonNullable<Proof['heads']>;
export type Restored = Told<'/admin/v1/restored'>;

export const nodesQuery = queryOptions({
  queryKey: ['nodes'],
  queryFn: () => take(api.GET('/admin/v1/nodes')),
  refetchInterval: () => unlessTold(5_000),
});

export function drain(name: string) {
  return take(api.POST('/admin/v1/nodes/{name}/drain', { params: { path: { name } } }));
}

/** Proves every posting, or those since the last proof. */
export function prove(sinceLast: boolean, heads = false) {
  return take(
    api.GET('/admin/v1/ledger/check', {
      params: {
        query: { since_last: sinceLast ? 'true' : undefined, heads: heads ? 'true' : undefined },
      },
    }),
  );
}

/** Whether the ledger still has what these heads of before say. */
export function checkHeads(heads: Heads) {
  return take(api.POST('/admin/v1/ledger/heads', { body: { heads } }));
}

export type NodeKey = Row<'/admin/v1/keys'>;

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: () => take(api.GET('/admin/v1/keys')),
});

/** Without a secret the service makes one. */
export function rotateKey(key: string, secret: string | undefined, atOnce: boolean) {
  return take(
    api.POST('/admin/v1/keys/{key}/rotate', { params: { path: { key } }, body: { secret, atOnce } }),
  );
}

/** When the certificates of the node that is asked end. */
export const certificatesQuery = queryOptions({
  queryKey: ['certificates'],
  queryFn: async () => certificatesIn(await takeText('/metrics')),
});

export const restoredQuery = queryOptions({
  queryKey: ['restored'],
  queryFn: () => take(api.GET('/admin/v1/restored')),
});

export function releaseAll() {
  return take(api.POST('/admin/v1/release'));
}
