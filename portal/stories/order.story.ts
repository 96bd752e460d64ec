import { expect, it } from 'vitest';
import { figure, isOn, newPage, signIn, useBrowser } from './browser';
import { readQrCodes } from './qr';

useBrowser();

it('is placed from the shop: three eSIMs, whose QR codes can be scanned from the screen', async () => {
  const { page, context, complaints } = await newPage();
  await signIn(page, '/wallet');
  const before = await figure(page, 'Balance');
  await page.getByRole('navigation').getByRole('link', { name: 'Shop' }).click();
  await isOn(page, 'Shop');
  await page.getByLabel('Search').fill('jap');
  await page.getByRole('button', { name: /^Order Japan/ }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Quantity').fill('3');
  await form.getByRole('button', { name: /^Order for/ }).click();
  await form.getByText('Who gets it?').waitFor();
  await form.getByLabel('Customer’s name').fill('<b>Jane</b> Doe');
  await form.getByLabel('Customer’s email').fill('jane@example.com');
  await form.getByLabel('Your reference').fill('STORY-1');
  const order = form.getByRole('button', { name: /^Order for/ });
  const total = Number((await order.innerText()).replace(/[^0-9.]/g, ''));
  await order.click();
  await isOn(page, 'Orders');
  await page.getByRole('region', { name: 'eSIM 3 of 3' }).waitFor();
  for (const unit of [1, 2, 3]) {
    const card = page.getByRole('region', { name: `eSIM ${unit} of 3` });
    const code = await card
      .getByText(/^LPA:1\$/)
      .first()
      .innerText();
    expect(readQrCodes(await card.getByRole('img', { name: /^QR code/ }).screenshot())).toEqual([code]);
  }
  await page.getByText('<b>Jane</b> Doe').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Wallet' }).click();
  await expect.poll(() => figure(page, 'Balance')).toBeCloseTo(before - total, 2);
  await page.getByRole('navigation').getByRole('link', { name: 'Orders' }).click();
  await page.getByLabel('Search').fill('STORY-1');
  await page.waitForURL((url) => (url.searchParams.get('q') ?? '').includes('STORY-1'));
  await page.getByRole('link', { name: /^MM-/ }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('can be placed by keyboard alone', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/shop');
  await page.getByLabel('Search').focus();
  await page.keyboard.type('jap');
  await page.getByRole('button', { name: /^Order Japan/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Customer’s name').focus();
  await page.keyboard.type('Jane Doe');
  await page.keyboard.press('Tab');
  await page.keyboard.type('jane@example.com');
  await page.keyboard.press('Enter');
  await isOn(page, 'Orders');
  await page.getByRole('region', { name: 'eSIM', exact: true }).waitFor();
  await context.close();
});
