import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPage, service, useBrowser } from './browser';
import { asAdmin, asDealer, inSandbox, signInAs } from './operator';

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

/** Tells the service of an event as Stripe does, signed. */
function tellOfEvent(event: object): Promise<Response> {
  const body = JSON.stringify(event);
  const time = Math.floor(Date.now() / 1000);
  const secret = readFileSync(join(process.env.MEISIM_HOME!, 'stripe-webhook.secret'), 'utf8').trim();
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
  return fetch(`${service}/stripe/webhook`, { method: 'POST', headers, body });
}

it('finds by Stripe’s own list a card payment that was never told of, and what became of it later', async () => {
  const started = await asDealer('POST', '/dealer/topup', { amountUsd: 60 });
  const session = String(started.body.checkoutUrl).split('/').at(-1)!;
  const { page, context, complaints } = await newPage();
  const dialog = page.getByRole('dialog');
  const reconciling = page.getByRole('region', { name: 'Reconcile with Stripe' });
  const reconcile = async () => {
    const today = new Date().toISOString().slice(0, 10);
    await reconciling.getByLabel('To').fill(today);
    await reconciling.getByLabel('From').fill(today);
    await reconciling.getByRole('button', { name: 'Reconcile' }).click();
  };
  try {
    await inSandbox('stripe/webhook', { url: '' });
    await inSandbox(`stripe/pay/${session}`, {});
    await signInAs(page, 'finance', '/payments?dealer=demo@meisim.test');
    await reconcile();
    await reconciling.getByText('They differ').waitFor();
    const missing = reconciling.getByRole('table', { name: 'Missing here' });
    expect(await missing.getByRole('row').count()).toBe(2);
    const payment = page.getByRole('row').filter({ hasText: '$60.00' }).first();
    await payment.getByText('Not paid yet').waitFor();
    await payment.getByRole('link').click();
    await page.getByRole('button', { name: 'Replay' }).click();
    await dialog.getByRole('button', { name: 'Ask Stripe' }).click();
    await page.getByText('It is as Stripe says.').waitFor();
    await page.getByText('Credited', { exact: true }).first().waitFor();
    await page.goBack();
    await reconcile();
    await reconciling.getByText('They agree').waitFor();
  } finally {
    await inSandbox('stripe/webhook', { url: `${service}/stripe/webhook` });
  }
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Ledger by day and account' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toMatch(/^day,account,type,postings/);

  await inSandbox(`stripe/refund/${session}`, { amount: 3_000 });
  await expect
    .poll(async () => (await asAdmin('GET', `payments/${session}`)).body.reversed, { timeout: 20_000 })
    .toBe(30);
  const event = `evt_story_${Date.now()}`;
  await tellOfEvent({
    id: event,
    type: 'checkout.session.completed',
    data: { object: { id: 'cs_of_nobody', object: 'checkout.session', payment_status: 'paid' } },
  });
  await page.reload();
  await page.getByRole('row').filter({ hasText: '$60.00' }).first().getByText('Went back').waitFor();
  const waiting = page.getByRole('region', { name: 'Waits for a person', exact: true });
  await waiting.getByRole('button', { name: `Settle ${event}` }).click();
  await dialog.getByLabel('What was done about it').fill('It is another shop’s');
  expect(await dialog.getByRole('button', { name: 'Take off' }).isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${event} to go on`).fill(event);
  await dialog.getByRole('button', { name: 'Take off' }).click();
  await page.getByText('The event is settled.').waitFor();
  await page.reload();
  await page.getByRole('region', { name: 'Card payments', exact: true }).waitFor();
  expect(await page.getByText(event).count()).toBe(0);
  expect(complaints).toEqual([]);
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
