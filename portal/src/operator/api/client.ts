import createClient from 'openapi-fetch';
import type { components, paths } from './schema';

export { newKey, take, takeText } from '~/shared/api/client';

/** The operators' API, as /admin/openapi.json describes it. The session is in a cookie that no script can read. */
export const api = createClient<paths>({ baseUrl: '', cache: 'no-store' });

export type Schemas = components['schemas'];

/** What a GET of this path answers. */
export type Told<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Body } } } };
}
  ? Body
  : never;

/** A row of the list that a GET of this path answers. */
export type Row<Path extends keyof paths> = Told<Path> extends (infer One)[] ? One : never;

/** The most rows that one request of a list brings. */
export const mostRows = 1000;
