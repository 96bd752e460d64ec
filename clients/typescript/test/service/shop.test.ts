// The example shop sells three eSIMs, as its customer sees it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

/** Starts the shop, for as long as `customer` needs it. */
async function withShop(customer: (shop: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const program = fileURLToPath(new URL('../../examples/shop/shop.js', import.meta.url));
  const shop = spawn(process.execPath, [program], { env: { ...process.env, SHOP_PORT: port }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await Promise.race([once(shop.stdout, 'data'), once(shop, 'exit').then(() => assert.fail('the shop has ended'))]);
    await customer(`http://127.0.0.1:${port}`);
  } finally {
    const ended = once(shop, 'exit');
    shop.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  }
}

async function pageOf(url: string): Promise<string> {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  return answer.text();
}

/** All that the first group of a pattern takes from a page. */
function all(page: string, pattern: RegExp): string[] {
  return [...page.matchAll(pattern)].map((found) => found[1] ?? '');
}

function send(shop: string, form: Record<string, string>) {
  return fetch(`${shop}/buy`, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
}

test('a customer buys three eSIMs, and sees three QR codes and links when the webhook has come', { timeout: 90_000 }, () =>
  withShop(async (shop) => {
    const [sale = ''] = all(await pageOf(`${shop}/`), /name="sale" value="([^"]+)"/g);
    const form = { sale, product: 'p3:data-us-5gb', quantity: '3', name: 'Jane Doe', email: 'end@example.com' };
    const bought = await send(shop, form);
    assert.equal(bought.status, 303);
    const place = new URL(bought.headers.get('location') ?? '', shop).href;
    let page = await pageOf(place);
    while (page.includes('on their way')) {
      await pause(100);
      page = await pageOf(place);
    }
    const codes = all(page, /<code>([^<]+)/g);
    const links = all(page, /href="([^"]+)"/g);
    const pictures = all(page, /<img src="([^"]+)"/g);
    assert.equal(new Set(codes).size, 3);
    for (const [at, code] of codes.entries()) {
      const png = PNG.sync.read(Buffer.from(await (await fetch(shop + pictures[at])).arrayBuffer()));
      assert.equal(jsqr.default(new Uint8ClampedArray(png.data), png.width, png.height)?.data, code);
      assert.equal(new URL(links[at] ?? '').searchParams.get('carddata'), code);
    }
    // The form once more is the same sale.
    assert.equal((await send(shop, form)).headers.get('location'), bought.headers.get('location'));
    assert.deepEqual(all(await pageOf(place), /<code>([^<]+)/g), codes);
  }));

test('what cannot be ordered is said, and charges nobody', { timeout: 60_000 }, () =>
  withShop(async (shop) => {
    const [sale = ''] = all(await pageOf(`${shop}/`), /name="sale" value="([^"]+)"/g);
    const form = { sale, product: 'p3:data-us-5gb', quantity: '21', name: 'Jane Doe', email: 'end@example.com' };
    const refused = await send(shop, form);
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /quantity must be/);
  }));

test('nobody but the service tells the shop that eSIMs are there', { timeout: 60_000 }, () =>
  withShop(async (shop) => {
    const forged = await fetch(`${shop}/webhook`, { method: 'POST', body: '{"type":"order.completed"}' });
    assert.equal(forged.status, 400);
  }));
