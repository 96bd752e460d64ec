import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { newPage, useBrowser } from './browser';
import { asDealer, signInAs } from './operator';

useBrowser();

it('shows what a rule of prices changes before it is set, explains the price, and ends the rule', async () => {
  const product = 'p3:data-jp-5gb';
  // Of its own, as a rule that is there already changes nothing.
  const price = (20 + (Date.now() % 1_000) / 100).toFixed(2);
  const { page, context, complaints } = await newPage();
  await signInAs(page, 'finance', '/prices');
  await page.getByRole('button', { name: 'New rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Product').fill(product);
  await dialog.getByLabel('Price in dollars').fill('0.01');
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await dialog.getByText('1 price will change, 1 of them to below cost.').waitFor();
  const set = dialog.getByRole('button', { name: /^Set / });
  await dialog.getByLabel(`Type ${product} to go on`).fill(product);
  expect(await set.isDisabled()).toBe(true);
  await dialog.getByLabel('Price in dollars').fill(price);
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await dialog.getByRole('table', { name: 'What costs something else' }).getByText(`$${price}`).waitFor();
  await set.click();
  await page.getByText(`The rule for ${product}`).waitFor();
  const asking = page.getByRole('region', { name: 'Why does it cost that?' });
  await asking.getByLabel('Product').fill(product);
  await asking.getByRole('button', { name: 'Explain' }).click();
  await asking.getByText('By the rule that is marked below.').waitFor();
  await page
    .getByRole('region', { name: 'Rules', exact: true })
    .getByRole('button', { name: /^End/ })
    .first()
    .click();
  await dialog.getByLabel(/^Type/).fill(product);
  await dialog.getByRole('button', { name: 'End the rule' }).click();
  await page.getByText('The rule has ended.').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('finds a card payment, holds it against Stripe, and reports of the days', async () => {
  const started = await asDealer('POST', '/dealer/topup', { amountUsd: 60 });
  const { page, context } = await newPage();
  await page.goto(String(started.body.checkoutUrl));
  await page.getByRole('button', { name: 'Pay' }).click();
  await signInAs(page, 'finance', '/payments?dealer=demo@meisim.test');
  const payment = page.getByRole('row').filter({ hasText: '$60.00' }).first();
  await payment.getByText('Credited').waitFor();
  await payment.getByRole('link').click();
  await page.getByRole('button', { name: 'Replay' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Ask Stripe' }).click();
  await page.getByText('It is as Stripe says.').waitFor();
  await page.goBack();
  const reconciling = page.getByRole('region', { name: 'Reconcile with Stripe' });
  const today = new Date().toISOString().slice(0, 10);
  await reconciling.getByLabel('To').fill(today);
  await reconciling.getByLabel('From').fill(today);
  await reconciling.getByRole('button', { name: 'Reconcile' }).click();
  await reconciling.getByText('They agree').waitFor();
  await reconciling.getByText(/^[1-9]\d* movements? at Stripe, [1-9]\d* here\.$/).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Ledger by day and account' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^day,account,type,postings/);
  await context.close();
});

it('proves the ledger, and a later one against the heads that were saved', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'admin', '/nodes');
  await page.getByRole('button', { name: 'Prove everything' }).click();
  await page.getByText('It holds, to the cent').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the heads' }).click();
  const heads = await (await download).path();
  await page.reload();
  await page.locator('input[type=file]').setInputFiles(heads);
  await page.getByText('It holds, to the cent').waitFor();
  await context.close();
});
