import { randomUUID } from 'node:crypto';
import { keyedPaths } from './keyed.js';
import { send, type Settings } from './transport.js';
import type {
  AnswerOf,
  CallOptions,
  CheckOf,
  DoneOf,
  ItemOf,
  ListArguments,
  ListedPath,
  Method,
  OperationOf,
  PathOf,
  Wish,
  WishArgument,
} from './types.js';

interface AnyWish extends CallOptions {
  params?: Record<string, string | number> | undefined;
  query?: unknown;
  body?: unknown;
}

/** The API as one dealer sees it. Each operation of `/openapi.json` is a method and a path; all are typed by it. */
export class Dealer {
  readonly #settings: Settings;

  constructor(settings: Settings = {}) {
    const { MEISIM_DEALER_KEY: key, MEISIM_URL: baseUrl } = process.env;
    const given = Object.entries({ key: settings.token === undefined ? key : undefined, baseUrl }).concat(Object.entries(settings));
    this.#settings = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  }

  get<P extends PathOf<'GET'>>(path: P, ...wish: WishArgument<OperationOf<'GET', P>>): Promise<AnswerOf<OperationOf<'GET', P>>> {
    return this.#call('GET', path, wish[0]);
  }

  /** Checks what a POST would do, and does nothing. */
  post<P extends PathOf<'POST'>>(
    path: P,
    wish: Wish<OperationOf<'POST', P>> & { body: { validateOnly: true } },
  ): Promise<CheckOf<AnswerOf<OperationOf<'POST', P>>>>;
  /** A POST that moves money or places an order bears an Idempotency-Key, the same at each attempt. */
  post<P extends PathOf<'POST'>>(
    path: P,
    ...wish: WishArgument<OperationOf<'POST', P>>
  ): Promise<DoneOf<AnswerOf<OperationOf<'POST', P>>>>;
  post(path: string, ...wish: unknown[]): Promise<unknown> {
    return this.#call('POST', path, wish[0] as AnyWish | undefined);
  }

  delete<P extends PathOf<'DELETE'>>(
    path: P,
    ...wish: WishArgument<OperationOf<'DELETE', P>>
  ): Promise<AnswerOf<OperationOf<'DELETE', P>>> {
    return this.#call('DELETE', path, wish[0]);
  }

  /** All that a path lists, newest first, page by page as it is asked for: `for await (const order of dealer.list(…))`. */
  async *list<P extends ListedPath>(path: P, ...[filter, options]: ListArguments<P>): AsyncGenerator<ItemOf<P>, void, void> {
    let cursor: string | undefined;
    do {
      const query = { ...filter, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.#call<{ data: ItemOf<P>[]; next_cursor?: string | null }>('GET', path, { ...options, query });
      yield* page.data;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  async #call<A>(method: Method, path: string, wish: AnyWish = {}): Promise<A> {
    const isKeyed = method === 'POST' && keyedPaths.has(path);
    const answer = await send(
      {
        method,
        target: targetOf(path, wish),
        body: wish.body,
        idempotencyKey: wish.idempotencyKey ?? (isKeyed ? randomUUID() : undefined),
        isRepeatable: isKeyed || method === 'GET',
        signal: wish.signal,
      },
      this.#settings,
    );
    return (await contentOf(answer)) as A;
  }
}

/** The path with its parameters filled in, and the query. */
function targetOf(path: string, wish: AnyWish): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = wish.params?.[name];
    if (value === undefined || value === '') throw new TypeError(`${path} needs params.${name}`);
    return encodeURIComponent(value);
  });
  const given = Object.entries(wish.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams();
  for (const [name, value] of given) query.set(name, String(value));
  return given.length === 0 ? filled : `${filled}?${query}`;
}

async function contentOf(answer: Response): Promise<unknown> {
  const type = answer.headers.get('content-type') ?? '';
  if (type.startsWith('application/json')) return answer.json();
  if (type.startsWith('text/')) return answer.text();
  return answer.status === 204 ? undefined : new Uint8Array(await answer.arrayBuffer());
}
