import { DealerError, type ErrorBody } from './errors.js';

/** How the client calls. */
export interface Settings {
  /** An API key, `dk_…`; the environment's `MEISIM_DEALER_KEY` unless there is a token. */
  key?: string | undefined;
  /** A token of `/dealer/login` or of the portal, instead of a key. */
  token?: string | undefined;
  /** Where the service is; the environment's `MEISIM_URL`, or `https://meisimusa.com`. */
  baseUrl?: string | undefined;
  /** How often a request is repeated if a repeat is safe. */
  retries?: number;
  /** For how long the client waits before a repeat, at most. An error that says more is thrown. */
  longestPauseMs?: number;
  /** For how long the client waits for an answer. The service itself answers within 28 seconds. */
  timeoutMs?: number;
  /** What makes the calls; the global `fetch` unless said otherwise. */
  fetch?: typeof globalThis.fetch;
  /** What waits; for tests. */
  sleep?: (ms: number) => Promise<void>;
}

/** One request, as it is repeated. */
export interface Call {
  method: string;
  /** With the query. */
  target: string;
  body?: unknown;
  idempotencyKey?: string | undefined;
  /** Whether doing it twice has no other effect than doing it once. */
  isRepeatable: boolean;
  signal?: AbortSignal | undefined;
}

const defaults = { retries: 4, longestPauseMs: 60_000, timeoutMs: 35_000 };

/** The answer to a call, after as many attempts as it takes. Throws a `DealerError`. */
export async function send(call: Call, settings: Settings): Promise<Response> {
  const { retries, longestPauseMs } = { ...defaults, ...settings };
  for (let attempt = 0; ; ++attempt) {
    const answer = await sendOnce(call, settings);
    if (!(answer instanceof DealerError)) return answer;
    const pause = pauseBefore(attempt, answer, call.isRepeatable);
    if (attempt >= retries || pause === undefined || pause > longestPauseMs) throw answer;
    await (settings.sleep ?? sleep)(pause);
    call.signal?.throwIfAborted();
  }
}

/**
 * How many milliseconds to wait before the next attempt; undefined if there must be none. `Retry-After` is the service's word
 * that a repeat is safe. A call that does nothing twice is also repeated where the service has not spoken: no answer has come,
 * or that of a proxy which has none either.
 */
export function pauseBefore(attempt: number, error: DealerError, isRepeatable: boolean): number | undefined {
  const isForeign = error.code === 'foreign_answer';
  if (error.retryAfter !== undefined && (isRepeatable || !isForeign)) return error.retryAfter * 1000;
  const isSilent = error.code === 'no_answer' || (isForeign && error.status >= 500);
  if (!isRepeatable || !isSilent) return undefined;
  return Math.min(8_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 4);
}

async function sendOnce(call: Call, settings: Settings): Promise<Response | DealerError> {
  const { timeoutMs } = { ...defaults, ...settings };
  const baseUrl = settings.baseUrl ?? 'https://meisimusa.com';
  const headers: Record<string, string> = { accept: 'application/json, */*' };
  if (settings.key !== undefined) headers['x-dealer-key'] = settings.key;
  if (settings.token !== undefined) headers['authorization'] = `Bearer ${settings.token}`;
  if (call.idempotencyKey !== undefined) headers['idempotency-key'] = call.idempotencyKey;
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  const limit = new AbortController();
  const giveUp = () => limit.abort(call.signal?.reason ?? new Error(`no answer within ${timeoutMs} ms`));
  const timer = setTimeout(giveUp, timeoutMs);
  call.signal?.addEventListener('abort', giveUp);
  try {
    call.signal?.throwIfAborted();
    const answer = await (settings.fetch ?? globalThis.fetch)(baseUrl.replace(/\/$/, '') + call.target, {
      method: call.method,
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      // The key must not follow to another place.
      redirect: 'error',
      signal: limit.signal,
    });
    // Read here, so that the time limit is the body's, too.
    const whole = new Response(answer.status === 204 ? null : await answer.arrayBuffer(), answer);
    return whole.ok ? whole : await refusal(whole, call);
  } catch (problem) {
    if (call.signal?.aborted) throw call.signal.reason;
    const message = `no answer from ${baseUrl}: ${reasonOf(problem)}`;
    return new DealerError({ error: 'No answer', message, code: 'no_answer' }, { idempotencyKey: call.idempotencyKey, status: 0, cause: problem });
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', giveUp);
  }
}

/** The service's own words, if the answer is its own. */
async function refusal(answer: Response, call: Call): Promise<DealerError> {
  const text = await answer.text();
  const foreign: ErrorBody = { error: answer.statusText, message: `status ${answer.status}: ${text.slice(0, 200)}`, code: 'foreign_answer' };
  const seconds = Number.parseInt(answer.headers.get('retry-after') ?? '', 10);
  const retryAfter = Number.isNaN(seconds) ? undefined : seconds;
  return new DealerError(parsed(text) ?? foreign, { idempotencyKey: call.idempotencyKey, status: answer.status, retryAfter });
}

function parsed(text: string): ErrorBody | undefined {
  try {
    const body = JSON.parse(text) as Partial<ErrorBody> | null;
    return typeof body?.message === 'string' && typeof body.code === 'string' ? (body as ErrorBody) : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(problem: unknown): string {
  const cause = problem instanceof Error && problem.cause instanceof Error ? problem.cause : problem;
  return cause instanceof Error ? cause.message : String(cause);
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
