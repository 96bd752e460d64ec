import createClient from 'openapi-fetch';
import type { components, paths } from './schema';
import { words } from '../text/words';
import { Problem, problemOf } from './problem';

export type Schemas = components['schemas'];

/** The service, as /openapi.json describes it. The session is in a cookie that no script can read. */
export const api = createClient<paths>({ baseUrl: '', cache: 'no-store' });

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** What was asked for; throws a Problem if it was refused, or if nobody answered. */
export async function take<Data>(asking: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await asking;
  } catch {
    throw new Problem({ kind: 'unreachable', message: words.noAnswer });
  }
  if (answer.error !== undefined || !answer.response.ok) throw problemOf(answer.response, answer.error);
  return answer.data as Data;
}

/** The answer to what was done, and not only checked. */
export function carriedOut<Said extends object>(said: Said): Exclude<Said, { validateOnly: true }> {
  if ('validateOnly' in said) throw new Error('the service has only checked what was to be done');
  return said as Exclude<Said, { validateOnly: true }>;
}

/** The text of a file of ours, like a CSV. */
export async function takeText(path: string): Promise<string> {
  return take(answerOf(path));
}

async function answerOf(path: string): Promise<Answer<string>> {
  const response = await fetch(path);
  if (response.ok) return { response, data: await response.text() };
  return { response, error: await response.json().catch(() => undefined) };
}

/** A new Idempotency-Key: a request that is sent again with the same one is not done twice. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
