import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { findings } from './axe';
import { isOn, newPage, useBrowser } from './browser';
import { asAdmin, asDealer, signInAs } from './operator';

useBrowser();

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const most = 80;
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const one = document.activeElement as HTMLElement | null;
      const label = one?.id && document.querySelector(`label[for="${one.id}"]`)?.textContent;
      return one?.getAttribute('aria-label') ?? (label || one?.textContent) ?? '';
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`the keyboard does not come to ${name}`);
}

it('is found by what the customer quotes, and ended by keyboard alone', async () => {
  await asAdmin('POST', 'providers/p3/hold', { reason: 'For a story' });
  try {
    const reference = `STORY-${Date.now()}`;
    const placed = await asDealer('POST', '/dealer/order', {
      productId: 'p3:data-jp-5gb',
      customerEmail: 'jane@example.com',
      customerName: 'Jane Doe',
      customerReference: reference,
    });
    const shortId = String(placed.body.shortId);
    const { page, context, complaints } = await newPage();
    await signInAs(page, 'support', '/orders');
    await isOn(page, 'Orders');
    await tabTo(page, /^Search$/);
    await page.keyboard.type(reference);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === reference);
    await page.getByText('1 order', { exact: true }).waitFor();
    await tabTo(page, new RegExp(`^${shortId}$`));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: shortId }).waitFor();
    await tabTo(page, /^Fail$/);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('goes back to demo@meisim.test, once').waitFor();
    await page.keyboard.type('The customer does not want it any more');
    const confirm = dialog.getByRole('button', { name: 'End the order' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.type(shortId);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('The order has failed').waitFor();
    const shown = page.getByRole('region', { name: 'What happened' });
    await shown.getByText('Refund', { exact: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Fail', exact: true }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  } finally {
    await asAdmin('POST', 'providers/p3/release');
  }
});

it('keeps its filters in the address, and shows who wrote a note', async () => {
  const { page, context } = await newPage();
  const placed = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-us-5gb',
    customerEmail: 'jane@example.com',
    customerName: 'Jane Doe',
  });
  await signInAs(page, 'support', `/orders?q=${String(placed.body.shortId)}`);
  await page.getByRole('link', { name: String(placed.body.shortId) }).click();
  await page.getByRole('button', { name: 'Note' }).click();
  await page.getByLabel('Note').last().fill('Rang twice');
  await page.getByRole('button', { name: 'Save the note' }).click();
  await page.getByText('support@stories.example: Rang twice').waitFor();
  await page.goBack();
  await page.getByText('1 order', { exact: true }).waitFor();
  await context.close();
});

it('that is stuck is found from the overview, and tried again with a reason', async () => {
  const placed = await asDealer('POST', '/dealer/order', {
    // Its provider wants money first.
    productId: 'p5:esim_sandbox-unpaid',
    customerEmail: 'jane@example.com',
    customerName: 'Jane Doe',
  });
  const shortId = String(placed.body.shortId);
  await expect.poll(async () => (await asAdmin('GET', `orders/${shortId}`)).body.stuck).toBe(true);
  const { page, context, complaints } = await newPage();
  const tries = async () =>
    Number(/\d+/.exec(await page.getByText(/^Tried \d+ times?, failing since/).innerText())![0]);
  try {
    await signInAs(page, 'support');
    await page.getByRole('link', { name: /^\d+ orders? stuck$/ }).click();
    await page.getByRole('link', { name: shortId }).click();
    await page.getByText('The provider’s last words: insufficient balance').waitFor();
    const before = await tries();
    await page.getByRole('button', { name: 'Retry' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Try again now' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('The account is paid');
    await confirm.click();
    await page.getByText('The provider is asked again.').waitFor();
    await expect.poll(tries).toBeGreaterThan(before);
    await page.reload();
    await page.getByText('support@stories.example: The account is paid').waitFor();
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
    await asAdmin('POST', `orders/${shortId}/fail`, { reason: 'The story is over' });
  }
});
