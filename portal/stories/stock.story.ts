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
  expect(await mine.getByRole('button', { name: /^Show QR code/ }).count()).toBeGreaterThanOrEqual(2);
  await mine
    .getByRole('button', { name: /^Show QR code/ })
    .first()
    .click();
  const code = await dialog.getByText(/^LPA:1\$/).innerText();
  expect(readQrCodes(await dialog.screenshot())).toEqual([code]);
  await context.close();
});

it('replaces one by what a device says about it', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/stock');
  await page
    .getByRole('button', { name: /^Replace \d+/ })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Check and replace' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).waitFor();
  await context.close();
});
