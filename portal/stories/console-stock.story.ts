import { expect, it } from 'vitest';
import { newPage, useBrowser } from './browser';
import { iccid } from './iccid';
import { signInAs } from './operator';

useBrowser();

it('is imported after one has seen what was read, and withdrawn by the name of its lot', async () => {
  const base = Date.now() % 1_000_000_000;
  const [first, second] = [iccid(base), iccid(base + 1)];
  const lot = `LOT-${base}`;
  const csv = `iccid,lpa\n${first},LPA:1$smdp.example.com$A-${base}\n12,LPA:1$a.example$b\n${second},LPA:1$smdp.example.com$B-${base}\n`;
  const { page, context } = await newPage();
  await signInAs(page, 'admin', '/stock');
  await page.getByRole('button', { name: 'Import' }).click();
  const dialog = page.getByRole('dialog');
  await dialog
    .locator('input[type=file]')
    .setInputFiles({ name: 'lot.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await dialog.getByText('2 eSIMs read, 1 line will be refused.').waitFor();
  await dialog.getByLabel('Lot').fill(lot);
  await dialog.getByLabel('Cost of each').fill('1.25');
  await dialog.getByRole('button', { name: 'Import 2 eSIMs' }).click();
  await dialog.getByText('2 eSIMs imported').waitFor();
  await page.keyboard.press('Escape');
  const row = page.getByRole('row').filter({ hasText: lot });
  await row.getByText('$1.25').waitFor();
  await row.getByRole('button', { name: `Withdraw ${lot}` }).click();
  const confirm = dialog.getByRole('button', { name: 'Withdraw 2 eSIMs' });
  await dialog.getByLabel('Reason').fill('A wrong delivery');
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${lot} to go on`).fill(lot);
  await confirm.click();
  await page.getByText('2 eSIMs withdrawn.').waitFor();
  await row.getByText('A wrong delivery').waitFor();
  await context.close();
});

it('is low below what one says of its pool, for everybody', async () => {
  const { page, context, complaints } = await newPage();
  await signInAs(page, 'admin', '/stock');
  const pool = page.getByRole('table', { name: 'Pools' }).getByRole('row', { name: /att\.qr/ });
  const set = async (threshold: string) => {
    await pool.getByRole('button', { name: 'Threshold att.qr' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Low below').fill(threshold);
    await dialog.getByRole('button', { name: 'Set' }).click();
    await page.getByText(`att.qr is low below ${threshold}.`).waitFor();
  };
  await pool.getByText('Enough').waitFor();
  await set('100000');
  await page.reload();
  await pool.getByText('Low', { exact: true }).waitFor();
  await pool.getByText('100,000').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: /^Stock of att\.qr is low: / }).click();
  await set('20');
  await pool.getByText('Enough').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
