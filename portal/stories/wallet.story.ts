import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { desktop, figure, isOn, newPage, signIn, useBrowser } from './browser';
import { asDealer } from './operator';

useBrowser();

it('is topped up by card: the fee is shown before, the balance without a reload, and the receipt afterwards', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/wallet');
  await isOn(page, 'Wallet');
  const before = await figure(page, 'Balance');
  await page.getByRole('button', { name: 'Top up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('10');
  await dialog.getByText('Between $50.00 and $10,000.00.').waitFor();
  await dialog.getByLabel('Amount').fill('250');
  await dialog.getByText('$257.78').waitFor();
  await dialog.getByRole('button', { name: 'Continue to payment' }).click();
  await page.getByRole('button', { name: /pay/i }).click();
  await isOn(page, 'Wallet');
  await page.getByText('$250.00 is in your wallet.').waitFor();
  await expect.poll(() => figure(page, 'Balance')).toBe(before + 250);
  const receipt = page.getByRole('link', { name: /^Receipt of/ }).first();
  const answer = await context.request.get(new URL((await receipt.getAttribute('href'))!, page.url()).href);
  expect(answer.headers()['content-type']).toBe('application/pdf');
  expect((await answer.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await context.close();
});

it('has a statement of each month, as PDF and as CSV', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/wallet');
  for (const [kind, begin] of [
    ['PDF', /^%PDF-/],
    ['CSV', /^Date,Type,Amount USD,Balance after USD,/],
  ] as const) {
    await page.getByRole('button', { name: 'Statements' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: kind }).first().click();
    const file = await download;
    expect(file.suggestedFilename()).toMatch(
      new RegExp(`^statement-[0-9]{4}-[0-9]{2}\\.${kind.toLowerCase()}$`),
    );
    expect((await readFile(await file.path())).toString('latin1')).toMatch(begin);
  }
  await context.close();
});

it('shows what somebody else of the company spends, as it happens', async () => {
  const { page, context } = await newPage({ ...desktop, hasEvents: true });
  const listens = page.waitForResponse((answer) => answer.url().endsWith('/dealer/events'));
  await signIn(page, '/wallet');
  await isOn(page, 'Wallet');
  const before = await figure(page, 'Balance');
  expect((await listens).headers()['content-type']).toBe('text/event-stream');
  // The first events tell how it is now.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_500)));
  const total = await page.evaluate(async () => {
    const answer = await fetch('/dealer/order', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        productId: 'p3:data-us-5gb',
        customerEmail: 'colleague@example.com',
        customerName: 'A Colleague',
      }),
    });
    return ((await answer.json()) as { totalUsd?: number; priceUsd?: number }).totalUsd;
  });
  await expect.poll(() => figure(page, 'Balance')).toBeLessThan(before);
  if (total) expect(await figure(page, 'Balance')).toBeCloseTo(before - total, 2);
  await context.close();
});

it('is up to date in each of two tabs', async () => {
  const { page, context } = await newPage({ ...desktop, hasEvents: true });
  await signIn(page, '/wallet');
  await isOn(page, 'Wallet');
  const before = await figure(page, 'Balance');
  const second = await context.newPage();
  await second.goto(page.url());
  await isOn(second, 'Wallet');
  const placed = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-us-5gb',
    customerEmail: 'tabs@example.com',
    customerName: 'Jane Doe',
  });
  expect(placed.body.shortId).toBeTruthy();
  for (const tab of [second, page]) {
    await tab.bringToFront();
    await expect.poll(() => figure(tab, 'Balance')).toBeLessThan(before);
  }
  await context.close();
});
