import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { isDealerError } from '@meisim/dealer';
import { hangUp, json, refusal, scripted } from './scripted.js';

const order = { productId: 'p3:data-us-5gb', customerEmail: 'end@x.com', customerName: 'Jane Doe' };
const webhook = { url: 'https://x.com', events: ['order.completed' as const] };
const placed = { ok: true, orderId: 'one' };

function keysOf(seen: { headers: Record<string, unknown> }[]) {
  return seen.map((one) => one.headers['idempotency-key']);
}

test('an order bears a key of its own, and another order another one', () =>
  scripted([json(200, placed), json(200, placed)], async (dealer, seen) => {
    await dealer.post('/dealer/order', { body: order });
    await dealer.post('/dealer/order', { body: order });
    const [first, second] = keysOf(seen);
    assert.match(String(first), /^[0-9a-f-]{36}$/);
    assert.notEqual(first, second);
    assert.equal(seen[0]?.headers['x-dealer-key'], 'dk_test');
    assert.deepEqual(JSON.parse(seen[0]?.body ?? ''), order);
  }));

test('an unknown outcome is asked for again under the same key, as late as Retry-After says', () =>
  scripted([refusal(503, 'outcome_unknown', { 'retry-after': '2' }), json(200, placed)], async (dealer, seen, pauses) => {
    assert.deepEqual(await dealer.post('/dealer/order', { body: order }), placed);
    const [first, second] = keysOf(seen);
    assert.equal(first, second);
    assert.deepEqual(pauses, [2000]);
  }));

test('an order whose answer is lost is sent again under the same key', () =>
  scripted([hangUp, json(200, placed)], async (dealer, seen, pauses) => {
    await dealer.post('/dealer/order', { body: order, idempotencyKey: 'order-7' });
    assert.deepEqual(keysOf(seen), ['order-7', 'order-7']);
    assert.equal(pauses.length, 1);
  }));

test("a proxy's page in place of an answer is no answer", () =>
  scripted([(response) => response.writeHead(502).end('<html>'), json(200, placed)], async (dealer, seen) => {
    await dealer.post('/dealer/order', { body: order });
    assert.equal(seen.length, 2);
  }));

test('what would be done twice is not sent again when its answer is lost', () =>
  scripted([hangUp], async (dealer, seen) => {
    await assert.rejects(dealer.post('/dealer/webhooks', { body: webhook }), { code: 'no_answer', status: 0 });
    assert.equal(seen.length, 1);
  }));

test('what would be done twice is sent again where the service says that nothing was done', () =>
  scripted([refusal(429, 'rate_limited', { 'retry-after': '7' }), json(200, {})], async (dealer, seen, pauses) => {
    await dealer.post('/dealer/webhooks', { body: webhook });
    assert.equal(seen.length, 2);
    assert.deepEqual(pauses, [7000]);
  }));

const busyProxy = (response: ServerResponse) => response.writeHead(503, { 'retry-after': '3' }).end('<html>');

test("a proxy's Retry-After is not the service's word that nothing was done", () =>
  scripted([busyProxy], async (dealer, seen) => {
    await assert.rejects(dealer.post('/dealer/webhooks', { body: webhook }), { code: 'foreign_answer' });
    assert.equal(seen.length, 1);
  }));

test("a proxy's Retry-After is obeyed where nothing is done twice", () =>
  scripted([busyProxy, json(200, placed)], async (dealer, seen, pauses) => {
    await dealer.post('/dealer/order', { body: order });
    assert.equal(seen.length, 2);
    assert.deepEqual(pauses, [3000]);
  }));

test('a refusal is not repeated', () =>
  scripted([refusal(402, 'insufficient_funds', {}, { balance: 1, required: 25 })], async (dealer, seen) => {
    const error = await dealer.post('/dealer/order', { body: order }).catch((problem: unknown) => problem);
    assert.ok(isDealerError(error, 'insufficient_funds'));
    assert.equal(error.body.required - error.body.balance, 24);
    assert.equal(error.requestId, 'request-1');
    assert.equal(error.message, 'because of insufficient_funds');
    assert.ok(!isDealerError(error, 'not_found'));
    assert.equal(seen.length, 1);
  }));

test('an error names the field, and the key under which the caller may go on', () =>
  scripted([refusal(503, 'outcome_unknown', { 'retry-after': '900' }, { field: 'quantity' })], async (dealer) => {
    await assert.rejects(dealer.post('/dealer/order', { body: order, idempotencyKey: 'order-8' }), {
      name: 'DealerError',
      field: 'quantity',
      idempotencyKey: 'order-8',
      retryAfter: 900,
    });
  }));

test('the client gives up after as many repeats as it is told', () =>
  scripted(
    [hangUp, hangUp, hangUp],
    async (dealer, seen) => {
      await assert.rejects(dealer.get('/api/v1/me'), { code: 'no_answer' });
      assert.equal(seen.length, 3);
    },
    { retries: 2 },
  ));

test('a server that never answers is no answer in the end', () =>
  scripted([() => {}], async (dealer) => assert.rejects(dealer.get('/api/v1/me'), { code: 'no_answer' }), { retries: 0, timeoutMs: 50 }));

test('a caller ends its own call, with its own reason', () =>
  scripted([() => {}], async (dealer) => {
    const end = new AbortController();
    const call = dealer.get('/api/v1/me', { signal: end.signal });
    end.abort(new Error('the shopper has left'));
    await assert.rejects(call, /the shopper has left/);
  }));

test('no key follows to another place', () =>
  scripted(
    [(response) => response.writeHead(307, { location: '/elsewhere' }).end()],
    async (dealer, seen) => {
      await assert.rejects(dealer.get('/api/v1/me'), { code: 'no_answer' });
      assert.equal(seen.length, 1);
    },
    { retries: 0 },
  ));
