import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dealer, type Settings } from '@meisim/dealer';
import { json, scripted } from './scripted.js';

test('what stands in the path and in the query is escaped', () =>
  scripted([json(200, {}), json(200, {})], async (dealer, seen) => {
    await dealer.get('/dealer/webhooks/{id}', { params: { id: 'a/b?c' } });
    await dealer.get('/dealer/topup/preview', { query: { net: 100 } });
    assert.deepEqual(
      seen.map((one) => one.line),
      ['GET /dealer/webhooks/a%2Fb%3Fc', 'GET /dealer/topup/preview?net=100'],
    );
  }));

test('a path is never sent with a hole in it', () =>
  scripted([], async (dealer, seen) => {
    await assert.rejects(dealer.delete('/dealer/webhooks/{id}', { params: { id: '' } }), TypeError);
    assert.equal(seen.length, 0);
  }));

test('a list within a path is gone through page by page', () =>
  scripted(
    [json(200, { data: [{ id: 'a' }], next_cursor: '1.x' }), json(200, { data: [{ id: 'b' }], next_cursor: null })],
    async (dealer, seen) => {
      const ids: string[] = [];
      const params = { id: 'hook' };
      for await (const delivery of dealer.list('/dealer/webhooks/{id}/deliveries', { limit: 1 }, { params })) ids.push(delivery.id);
      assert.deepEqual(ids, ['a', 'b']);
      assert.deepEqual(
        seen.map((one) => one.line),
        ['GET /dealer/webhooks/hook/deliveries?limit=1', 'GET /dealer/webhooks/hook/deliveries?limit=1&cursor=1.x'],
      );
    },
  ));

test('a CSV is text', () =>
  scripted([(response) => response.writeHead(200, { 'content-type': 'text/csv' }).end('Date,Type\r\n')], async (dealer) => {
    const statement: string = await dealer.get('/dealer/statement', { query: { from: '2026-04-01' } });
    assert.equal(statement, 'Date,Type\r\n');
  }));

test('a token is sent as a Bearer token', () =>
  scripted(
    [json(200, {})],
    async (dealer, seen) => {
      await dealer.get('/api/portal/v1/wallet');
      assert.equal(seen[0]?.headers['authorization'], 'Bearer abc');
    },
    { token: 'abc' },
  ));

test('a setting that is undefined is one that is not given', () =>
  scripted([json(200, {})], async (dealer, seen) => {
    const settings = { token: undefined, retries: undefined } as unknown as Settings;
    await assert.rejects(new Dealer({ ...settings, baseUrl: 'http://127.0.0.1:1', sleep: async () => {} }).get('/api/v1/me'), { code: 'no_answer' });
    await dealer.get('/api/v1/me');
    assert.equal(seen[0]?.headers['x-dealer-key'], 'dk_test');
  }));
