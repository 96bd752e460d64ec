import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { findings } from './axe';
import { desktop, isOn, newPage, signIn, useBrowser } from './browser';
import { iccid } from './iccid';
import { asAdmin, importStock, operatorConsole, signInAs } from './operator';

useBrowser();

/** Buys from stock as whoever is signed in to the page; all that there is, if it is not said how many. */
function buy(page: Page, wish?: number): Promise<number> {
  return page.evaluate(async (wish) => {
    const supply = '/api/portal/v1/esim-supply';
    const service = '/api/portal/v1/services/esim_supply_att';
    const ask = async (path: string, body?: object) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(path, body && { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(await answer.text());
      return answer.json();
    };
    const quantity = wish ?? (await ask(`${supply}/stock`)).stats['att.qr.available'];
    const sku_id = (await ask(`${service}/skus`)).skus[0].id;
    if (quantity > 0) await ask(`${service}/execute`, { sku_id, quantity });
    return quantity;
  }, wish);
}

/** Has the dealer of the page own one eSIM for each of these codes. A pool sells the oldest first. */
async function own(page: Page, codes: string[]): Promise<void> {
  await asAdmin('POST', 'dealers/demo@meisim.test/adjustments', { amount: '3000.00', reason: 'For a story' });
  const sold = await buy(page);
  const base = Date.now() % 1_000_000_000;
  // What was for sale is so again.
  const all = [...codes, ...Array.from({ length: Math.max(sold, 100) }, (_, index) => `AVAILABLE-${index}`)];
  await importStock(
    all.map((code, index) => `${iccid(base + index)},LPA:1$smdp.example.com$${code}-${base}`),
  );
  await buy(page, codes.length);
}

it('tells the dealer what an operator decides about a replacement, as it is decided and afterwards', async () => {
  const [theirs, ours] = [await newPage({ ...desktop, hasEvents: true }), await newPage()];
  const dealer = theirs.page;
  await signIn(dealer, '/stock');
  await isOn(dealer, 'Stock');
  await own(dealer, ['UNKNOWN-first', 'UNKNOWN-second']);
  await dealer.reload();
  const mine = dealer.getByRole('region', { name: 'My eSIMs, table' }).getByRole('row');
  const iccids: string[] = [];
  for (const row of [1, 2]) iccids.push(await mine.nth(row).getByRole('cell').first().innerText());
  const [first, second] = iccids as [string, string];
  const plain = (groups: string) => groups.replaceAll(' ', '');

  const dialog = dealer.getByRole('dialog');
  const askFor = async (groups: string) => {
    await dealer.getByRole('button', { name: `Replace ${plain(groups)}` }).click();
    await dialog.getByRole('button', { name: 'Check and replace' }).click();
    await dialog.getByText('Somebody of ours looks at it within a day.').waitFor();
  };
  const { page, context } = ours;
  const deciding = page.getByRole('dialog');
  const reviews = page.getByRole('table', { name: 'Replacements to decide about' }).getByRole('row');

  await askFor(first);
  await signInAs(page, 'support', '/reviews');
  const review = reviews.filter({ hasText: first });
  await review.getByText('unknown').waitFor();
  await review.getByRole('link', { name: 'MeiSIM Demo' }).waitFor();
  await review.getByRole('button', { name: /^Replace/ }).click();
  const replace = deciding.getByRole('button', { name: 'Replace', exact: true });
  await deciding.getByLabel(/^Why/).fill('The customer sent a picture');
  expect(await replace.isDisabled()).toBe(true);
  await deciding.getByLabel(/^Type/).fill(plain(first).slice(-4));
  await replace.click();
  await page.getByText('The eSIM is replaced.').waitFor();
  await dialog.getByText('It is used up. Here is another one, free of charge.').waitFor();
  const fresh = await dialog
    .getByText(/^8944[\d ]+$/)
    .first()
    .innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await askFor(second);
  await page.goto(`${operatorConsole}/reviews`);
  await reviews
    .filter({ hasText: second })
    .getByRole('button', { name: /^Reject/ })
    .click();
  await deciding.getByLabel(/^Why/).fill('It was installed yesterday');
  await deciding.getByRole('button', { name: 'Reject' }).click();
  await page.getByText('The replacement is rejected.').waitFor();
  await page.reload();
  await page.getByText('Nothing to decide').waitFor();
  await dialog.getByText('It is not replaced.').waitFor();

  await dealer.reload();
  const decided = dealer.getByRole('table', { name: 'Replacements' }).getByRole('row');
  await decided.filter({ hasText: first }).getByText(fresh).waitFor();
  await decided.filter({ hasText: second }).getByText('It is not replaced.').waitFor();
  await mine.filter({ hasText: first }).getByText('Used up, replaced').waitFor();
  await mine.filter({ hasText: fresh }).getByText('Yours').waitFor();
  await mine.filter({ hasText: second }).getByText('Yours').waitFor();
  await dealer.setViewportSize({ width: 390, height: 844 });
  expect(await findings(dealer)).toEqual([]);
  expect([...theirs.complaints, ...ours.complaints]).toEqual([]);
  await theirs.context.close();
  await context.close();
});
