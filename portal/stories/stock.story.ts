import { expect, it } from 'vitest';
import { isOn, newPage, signIn, useBrowser } from './browser';
import { readQrCodes } from './qr';

useBrowser();

it('sells eSIMs at the shown price; their QR codes can be scanned', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/stock');
  await isOn(page, 'Stock');
  await page.getByRole('button', { name: /^Buy AT&T/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Quantity').fill('2');
  await dialog.getByRole('button', { name: 'Buy for $8.00' }).click();
  await page.getByText('2 eSIMs bought for $8.00.').waitFor();
  const mine = page.getByRole('region', { name: 'My eSIMs' }).last();
  await expect
    .poll(() => mine.getByRole('button', { name: /^Show QR code/ }).count())
    .toBeGreaterThanOrEqual(2);
  await mine
    .getByRole('button', { name: /^Show QR code/ })
    .first()
    .click();
  const code = await dialog.getByText(/^LPA:1\$/).innerText();
  expect(readQrCodes(await dialog.screenshot())).toEqual([code]);
  await context.close();
});

it('looks at one that is to be replaced, and keeps what can still be installed', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/stock');
  const row = page.getByRole('region', { name: 'My eSIMs, table' }).getByRole('row').nth(1);
  const iccid = (await row.getByRole('cell').first().innerText()).replaceAll(' ', '');
  await row.getByRole('button', { name: `Replace ${iccid}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Check and replace' }).click();
  await dialog.getByRole('status').getByText('It is not used up: it can still be installed.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await row.getByText('Yours').waitFor();
  await row.getByText(/^Could be installed /).waitFor();
  expect(await row.getByRole('cell').first().innerText()).toBe(iccid.replace(/(\d{4})(?=\d)/g, '$1 '));
  await context.close();
});
