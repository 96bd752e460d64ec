import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookEvent } from './types.js';

/** The headers of a request: fetch's, or those of node:http. */
export type HeadersLike = Headers | Record<string, string | string[] | undefined>;

/** A message that was not sent by the service, was changed, or is too old. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

const toleranceSeconds = 300;

/**
 * The event in a webhook's body, after its signature was checked (https://www.standardwebhooks.com).
 *
 * `body` is the body as it came, before any parser. `secret` is what the webhook was made with (`whsec_…`); while a secret is
 * being changed, both. The same event may come more than once: remember `webhook-id`. Throws a `WebhookError`.
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: HeadersLike,
  secret: string | readonly string[],
  now: Date = new Date(),
): WebhookEvent {
  const id = header(headers, 'webhook-id');
  const timestamp = header(headers, 'webhook-timestamp');
  const age = now.getTime() / 1000 - Number(timestamp);
  if (!/^\d+$/.test(timestamp) || Math.abs(age) > toleranceSeconds)
    throw new WebhookError(`webhook-timestamp is more than ${toleranceSeconds} seconds from now`);
  const signatures = header(headers, 'webhook-signature').split(' ');
  const expected = [secret].flat().map((one) => sign(one, `${id}.${timestamp}.`, body));
  if (!expected.some((wanted) => signatures.some((given) => isSame(wanted, given))))
    throw new WebhookError('webhook-signature is not of this message and secret');
  return JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)) as WebhookEvent;
}

function sign(secret: string, head: string, body: string | Uint8Array): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`;
}

/** It takes as long for a nearly right signature as for a completely wrong one. */
function isSame(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function header(headers: HeadersLike, name: string): string {
  const all = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const value = all.find(([known]) => known.toLowerCase() === name)?.[1];
  if (typeof value !== 'string') throw new WebhookError(`${name} is missing`);
  return value;
}
