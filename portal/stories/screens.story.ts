import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, it } from 'vitest';
import { desktop, isOn, newPage, portal, service, settled, signIn, useBrowser, type View } from './browser';
import { asDealer, consolePages, operatorConsole, signInAs } from './operator';
import { pages } from './page-list';

/** Where the pictures of the documentation go; without it, nothing here runs. */
const folder = process.env.MEISIM_SCREENS;

const dark: View = { width: 1280, look: 'dark' };
const telephone: View = { width: 390, look: 'light' };

async function ask(path: string, body: object): Promise<void> {
  const response = await fetch(`${service}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-dealer-key': process.env.MEISIM_DEALER_KEY! },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
}

async function ordersHaveEnded(): Promise<void> {
  for (;;) {
    const { body } = await asDealer('GET', '/dealer/orders?status=processing');
    if ((body.data as unknown[]).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What a dealer has done by the end of a morning. */
async function work(): Promise<void> {
  const customers = ['Ana Ruiz', 'Ben Okafor', 'Chloé Martin', 'Daichi Sato', 'Eva Lindner', 'Finn Murphy'];
  const products = ['p3:data-jp-5gb', 'p3:data-us-5gb', 'p3:data-eu-10gb'];
  for (const [index, customerName] of customers.entries())
    await ask('/dealer/order', {
      productId: products[index % products.length],
      customerName,
      customerEmail: `${customerName.split(' ')[0]!.normalize('NFD').replace(/\W/g, '').toLowerCase()}@example.com`,
      customerReference: `WEB-${1041 + index}`,
      quantity: index === 3 ? 2 : 1,
    });
  const codes = (kind: string, howMany: number) =>
    Array.from({ length: howMany }, (_, index) => `LPA:1$smdp.example.com$${kind}-${index}`);
  await ask('/dealer/esim-verify', { lpas: [...codes('AVAILABLE', 18), ...codes('USED', 6)] });
  await ask('/dealer/keys', { label: 'Web shop', scopes: ['read', 'order'] });
  // Nobody answers at the webhook's address, so it comes when there is nothing left to tell it.
  await ordersHaveEnded();
  await ask('/dealer/webhooks', {
    url: 'https://shop.example.com/meisim',
    events: ['order.completed', 'order.failed'],
  });
}

/** Shows where something is, in the state in which a reader meets it. */
async function show(page: Page, name: string): Promise<void> {
  if (name === 'order') {
    await page.goto(`${portal}/orders`);
    await page.getByRole('link', { name: /^MM-/ }).nth(2).click();
    await page
      .getByRole('img', { name: /^QR code/ })
      .first()
      .waitFor();
  } else {
    const shown = pages.find((one) => one.name.toLowerCase() === name)!;
    await page.goto(`${portal}${shown.path}`);
    await isOn(page, shown.name);
  }
  await page.mouse.move(0, 0);
  await settled(page);
}

describe.runIf(folder)('the pictures of the documentation', () => {
  useBrowser();
  beforeAll(async () => {
    mkdirSync(folder!, { recursive: true });
    await work();
  });

  it.each([
    { view: desktop, as: 'light', names: [...pages.map((one) => one.name.toLowerCase()), 'order'] },
    { view: dark, as: 'dark', names: ['overview', 'order'] },
    { view: telephone, as: 'telephone', names: ['overview', 'shop', 'order'] },
  ])('are taken $as', async ({ view, as, names }) => {
    const { page, context } = await newPage(view);
    await page.goto(`${portal}/sign-in`);
    await page.getByLabel('Email').waitFor();
    await page.screenshot({ path: `${folder}/sign-in-${as}.png` });
    await signIn(page);
    for (const name of names) {
      await show(page, name);
      await page.screenshot({ path: `${folder}/${name}-${as}.png` });
    }
    await context.close();
  });

  it.each([
    { view: desktop, as: 'light', names: consolePages.map((one) => one.name) },
    { view: dark, as: 'dark', names: ['Overview', 'Prices'] },
    { view: telephone, as: 'telephone', names: ['Overview', 'Orders'] },
  ])('are taken of the console $as', async ({ view, as, names }) => {
    const { page, context } = await newPage(view);
    await signInAs(page, 'admin');
    for (const { path, name } of consolePages.filter((one) => names.includes(one.name))) {
      await page.goto(`${operatorConsole}${path}`);
      await isOn(page, name);
      await page.mouse.move(0, 0);
      await settled(page);
      await page.screenshot({ path: `${folder}/console-${name.toLowerCase()}-${as}.png` });
    }
    await context.close();
  });
});
