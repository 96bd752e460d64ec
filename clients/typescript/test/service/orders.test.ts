import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { dealer, withWebhook } from './here.js';

const order = { productId: 'p3:data-us-5gb', customerEmail: 'end@example.com', customerName: 'Jane Doe' };

test('an order is paid once, however often it is sent under one key', async () => {
  const idempotencyKey = randomUUID();
  const first = await dealer.post('/dealer/order', { body: order, idempotencyKey });
  const second = await dealer.post('/dealer/order', { body: order, idempotencyKey });
  assert.deepEqual(second, first);
  assert.equal(first.totalUsd, first.unitPriceUsd);
});

test('a webhook tells of the order that was fulfilled', { timeout: 60_000 }, () =>
  withWebhook(async (next) => {
    const placed = await dealer.post('/dealer/order', { body: { ...order, quantity: 3 } });
    const event = await next(({ type, data }) => type === 'order.completed' && data.id === placed.orderId);
    assert.equal(event.type === 'order.completed' && event.data.amount, placed.totalUsd);
  }),
);
