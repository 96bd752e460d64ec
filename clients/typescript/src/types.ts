// What the API's document says of an operation, as types.
import type { paths, webhooks } from './schema.js';

export type Method = 'GET' | 'POST' | 'DELETE';

/** The paths that have an operation of this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<Lowercase<M>, object> ? P : never;
}[keyof paths];

export type OperationOf<M extends Method, P extends PathOf<M>> = paths[P][Lowercase<M> & keyof paths[P]];

type BodyOf<O> = O extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;
type PathParametersOf<O> = O extends { parameters: { path: infer T } } ? T : never;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? Exclude<Q, undefined> : never;

/** Required if the document requires it, optional if the document allows it, and absent if the document has none. */
type Part<Name extends string, T, Required extends boolean> = [T] extends [never]
  ? { [N in Name]?: undefined }
  : Required extends true
    ? { [N in Name]: T }
    : { [N in Name]?: T };

/** How one call differs from the client's settings. */
export interface CallOptions {
  /** Under which key it is done, once: yours (an order's number, say), or one that the client makes. */
  idempotencyKey?: string;
  /** Ends the call, and the waiting for its next attempt. */
  signal?: AbortSignal;
}

/** What a call of this operation takes. */
export type Wish<O> = CallOptions &
  Part<'params', PathParametersOf<O>, true> &
  Part<'query', QueryOf<O>, O extends { parameters: { query: object } } ? true : false> &
  Part<'body', BodyOf<O>, O extends { requestBody: object } ? true : false>;

/** The last argument of a call: to be left out where nothing is required. */
export type WishArgument<O> = object extends Wish<O> ? [wish?: Wish<O>] : [wish: Wish<O>];

type Success = 200 | 201 | 202 | 203 | 204;
type ContentOf<A> = A extends { content: infer C }
  ? C extends { 'application/json': infer J }
    ? J
    : C extends { 'text/csv': unknown } | { 'text/html': unknown }
      ? string
      : Uint8Array
  : undefined;

/** What a call of this operation is answered with. */
export type AnswerOf<O> = O extends { responses: infer R } ? ContentOf<R[keyof R & Success]> : never;

/** What a POST tells that only checks: `validateOnly` in its body. */
export type CheckOf<A> = Extract<A, { validateOnly: true }>;

/** What a POST tells that does something. */
export type DoneOf<A> = Exclude<A, { validateOnly: true }>;

/** The operations that list things page by page. */
export type ListedPath = {
  [P in PathOf<'GET'>]: AnswerOf<OperationOf<'GET', P>> extends { data: unknown[]; next_cursor?: string | null } ? P : never;
}[PathOf<'GET'>];

/** One of the things that this path lists. */
export type ItemOf<P extends ListedPath> =
  AnswerOf<OperationOf<'GET', P>> extends { data: (infer T)[] } ? T : never;

/** What this path's list can be narrowed by. */
export type FilterOf<P extends ListedPath> = Omit<QueryOf<OperationOf<'GET', P>>, 'cursor'>;

/** The arguments behind the path of a list: what is in the path has to be given. */
export type ListArguments<P extends ListedPath> = [PathParametersOf<OperationOf<'GET', P>>] extends [never]
  ? [filter?: FilterOf<P>, options?: CallOptions]
  : [filter: FilterOf<P>, options: CallOptions & { params: PathParametersOf<OperationOf<'GET', P>> }];

/** A message to a webhook; `type` tells which. */
export type WebhookEvent = {
  [E in keyof webhooks]: webhooks[E] extends { post: infer O } ? BodyOf<O> : never;
}[keyof webhooks];
