import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findings } from './axe';
import { follow, isOn, newPage, useBrowser, views } from './browser';
import { asDealer, consolePages, operatorConsole, signInAs } from './operator';

useBrowser();

/** Where the pictures of the documentation go; nowhere unless it is named. */
const screens = process.env.MEISIM_SCREENS;

describe.each(views)('every page of the console, $width pixels wide and $look', (view) => {
  it('can be used by everybody, and breaks no rule of its policy', async () => {
    const { page, context, complaints } = await newPage(view);
    const device = view.width < 500 ? 'telephone' : 'desktop';
    const shoot = async (name: string) => {
      if (!screens) return;
      mkdirSync(screens, { recursive: true });
      await page.screenshot({ path: `${screens}/console-${name}-${device}-${view.look}.png` });
    };
    await page.goto(`${operatorConsole}/sign-in`);
    await page.getByLabel('Email').waitFor();
    expect(await findings(page), 'sign-in').toEqual([]);
    await shoot('sign-in');
    await signInAs(page, 'admin');
    const one = { path: '/dealers/demo@meisim.test', name: 'Dealers' };
    const placed = await asDealer('POST', '/dealer/order', {
      productId: 'p3:data-us-5gb',
      customerEmail: 'jane@example.com',
      customerName: 'Jane Doe',
    });
    const order = { path: `/orders/${String(placed.body.shortId)}`, name: 'Orders' };
    for (const { path, name } of [...consolePages, one, order]) {
      await follow(page, `${operatorConsole}${path}`);
      await isOn(page, name);
      await page.waitForFunction(
        () => !document.querySelector('[aria-label="Loading"], .mantine-Skeleton-root'),
      );
      expect(await findings(page), `${name} ${path}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
      await shoot(path === one.path ? 'dealer' : path === order.path ? 'order' : name.toLowerCase());
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

it('has a link to each page, and back and reload lead where one expects', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'viewer');
  const links = page.getByRole('navigation').getByRole('link');
  expect(await links.allInnerTexts()).toEqual(consolePages.map(({ name }) => name));
  for (const { name } of consolePages) {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    await isOn(page, name);
    await page.reload();
    await isOn(page, name);
  }
  for (const { name } of consolePages.slice(0, -1).reverse()) {
    await page.goBack();
    await isOn(page, name);
  }
  await context.close();
});

it('has its menu behind a button on a telephone', async () => {
  const { page, context } = await newPage(views.find(({ width }) => width < 500));
  await signInAs(page, 'viewer');
  const menu = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Open the menu' }).click();
  await menu.getByRole('link', { name: 'Orders' }).click();
  await isOn(page, 'Orders');
  await menu.waitFor({ state: 'hidden' });
  await context.close();
});
