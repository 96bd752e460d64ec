import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findings } from './axe';
import { desktop, follow, isOn, newPage, portal, settled, signIn, useBrowser, views } from './browser';
import { asDealer } from './operator';
import { pages } from './page-list';

useBrowser();

/** Nothing stands out of the screen at its sides. */
async function fits(page: Page, name: string): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
}

/** Pages of one thing, and an open form. */
async function details() {
  const order = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-jp-5gb',
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
    quantity: 2,
  });
  const batch = await asDealer('POST', '/dealer/esim-verify', { lpas: ['LPA:1$smdp.example.com$USED-1'] });
  return [
    { path: `/orders/${String(order.body.shortId)}`, name: 'Orders' },
    { path: `/verification/${String(batch.body.batch_id)}`, name: 'Verification' },
    { path: '/shop?product=p3:data-jp-5gb', name: 'Shop' },
    { path: '/licences', name: 'Licences' },
  ];
}

describe.each(views)('every page, $width pixels wide and $look', (view) => {
  it('can be used by everybody, and breaks no rule of its policy', async () => {
    const { page, context, complaints } = await newPage(view);
    await page.goto(`${portal}/sign-in`);
    await page.getByLabel('Email').waitFor();
    expect(await findings(page), 'sign-in').toEqual([]);
    await signIn(page);
    for (const { path, name } of [...pages, ...(await details())]) {
      await follow(page, `${portal}${path}`);
      await isOn(page, name);
      await settled(page);
      expect(await findings(page), `${name} ${path}`).toEqual([]);
      await fits(page, name);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the navigation', () => {
  it('has a link to each page, and back and reload lead where one expects', async () => {
    const { page, context } = await newPage();
    await signIn(page);
    for (const { name } of pages) {
      await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
      await isOn(page, name);
      await page.reload();
      await isOn(page, name);
    }
    for (const { name } of pages.slice(0, -1).reverse()) {
      await page.goBack();
      await isOn(page, name);
    }
    await context.close();
  });
});

describe('every page', () => {
  it('can be read and used at twice its size', async () => {
    // What 1280 pixels are at 200 %.
    const { page, context } = await newPage({ ...desktop, width: 640 });
    await signIn(page);
    for (const { path, name } of pages) {
      await follow(page, `${portal}${path}`);
      await isOn(page, name);
      await settled(page);
      await fits(page, name);
    }
    const menu = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Open the menu' }).click();
    await menu.getByRole('link', { name: 'Wallet' }).click();
    await isOn(page, 'Wallet');
    // It has made room for the page.
    await menu.waitFor({ state: 'hidden' });
    await context.close();
  });

  it('can be laid out from right to left', async () => {
    const { page, context } = await newPage();
    await signIn(page);
    for (const { path, name } of pages) {
      await follow(page, `${portal}${path}`);
      await isOn(page, name);
      await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      await settled(page);
      await fits(page, name);
      const menu = await page.getByRole('navigation').boundingBox();
      const heading = await page.getByRole('heading', { level: 1 }).boundingBox();
      expect(menu!.x, name).toBeGreaterThan(heading!.x);
      // What is said first in a row stands on the right, and money on the left.
      const head = await page
        .getByRole('columnheader')
        .first()
        .boundingBox({ timeout: 500 })
        .catch(() => null);
      const last = await page
        .getByRole('columnheader')
        .last()
        .boundingBox({ timeout: 500 })
        .catch(() => null);
      if (head && last) expect(head.x, name).toBeGreaterThan(last.x);
    }
    await context.close();
  });

  it('keeps still for who has asked for that', async () => {
    const { page, context } = await newPage();
    await signIn(page, '/shop?q=japan');
    await isOn(page, 'Shop');
    await page
      .getByRole('button', { name: /^Order Japan/ })
      .first()
      .click();
    const longest = await page.evaluate(() =>
      Math.max(0, ...document.getAnimations().map((one) => Number(one.effect?.getTiming().duration))),
    );
    expect(longest).toBeLessThanOrEqual(1);
    await context.close();
  });
});
