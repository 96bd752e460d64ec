import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { demo, figure, isOn, newPage, portal, signIn, useBrowser } from './browser';
import { asDealer, inSandbox } from './operator';
import { readQrCodes } from './qr';

useBrowser();

it('is placed from the shop: three eSIMs, whose QR codes can be scanned from the screen', async () => {
  const { page, context, complaints } = await newPage();
  await signIn(page, '/wallet');
  const before = await figure(page, 'Balance');
  await page.getByRole('navigation').getByRole('link', { name: 'Shop' }).click();
  await isOn(page, 'Shop');
  await page.getByLabel('Search').fill('jap');
  await page
    .getByRole('button', { name: /^Order Japan/ })
    .first()
    .click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Quantity').fill('3');
  await form.getByRole('button', { name: /^Order for/ }).click();
  await form.getByText('Who gets it?').waitFor();
  await form.getByText('An address like jane@example.com.').waitFor();
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
  await page.getByRole('link', { name: /^MM-/ }).first().waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('can be placed by keyboard alone, from the sign-in to the QR code', async () => {
  const { page, context } = await newPage();
  const { keyboard } = page;
  /** Goes on by the tab key until this has the focus. */
  const tabTo = async (target: Locator) => {
    await target.waitFor();
    for (let steps = 0; steps < 30; steps++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await keyboard.press('Tab');
    }
    throw new Error(`the tab key does not lead to ${target}`);
  };
  const hasFocus = (target: Locator) =>
    expect.poll(() => target.evaluate((element) => element === document.activeElement)).toBe(true);

  await page.goto(`${portal}/shop`);
  await hasFocus(page.getByLabel('Email'));
  await keyboard.type(demo.email);
  await keyboard.press('Tab');
  await hasFocus(page.getByLabel('Password'));
  await keyboard.type(demo.password);
  await keyboard.press('Enter');
  await isOn(page, 'Shop');

  await tabTo(page.getByRole('link', { name: 'Skip to the content' }));
  await keyboard.press('Enter');
  await hasFocus(page.getByRole('main'));
  await tabTo(page.getByLabel('Search'));
  await keyboard.type('jap');
  const order = page.getByRole('button', { name: /^Order Japan/ }).first();
  await tabTo(order);
  await keyboard.press('Enter');
  const form = page.getByRole('dialog');
  await hasFocus(form.getByLabel('Customer’s name'));

  // Away and back again: the reader is where they were.
  await keyboard.press('Escape');
  await hasFocus(order);
  await keyboard.press('Enter');
  await hasFocus(form.getByLabel('Customer’s name'));
  await keyboard.type('Jane Doe');
  await keyboard.press('Tab');
  await hasFocus(form.getByLabel('Customer’s email'));
  await keyboard.type('jane@example.com');
  await tabTo(form.getByRole('button', { name: /^Order for/ }));
  await keyboard.press('Enter');
  await isOn(page, 'Orders');
  await page.getByRole('region', { name: 'eSIM', exact: true }).waitFor();
  await context.close();
});

it('has one wrong unit of several replaced', async () => {
  const { body } = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-jp-5gb',
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
    quantity: 2,
  });
  const { page, context } = await newPage();
  await signIn(page, `/orders/${String(body.shortId)}`);
  const unit = page.getByRole('region', { name: 'eSIM 2 of 2' });
  await unit.getByRole('button', { name: 'Replace' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Replace eSIM 2').waitFor();
  await dialog.getByRole('button', { name: /^Replace for/ }).click();
  // The page of the new order tells which one it stands for.
  await page.getByText('Replaces', { exact: true }).waitFor();
  await page.getByRole('link', { name: String(body.shortId) }).click();
  await page.getByText('Replaced by', { exact: true }).waitFor();
  await context.close();
});

it('is found while one types, mailed once more, and exported', async () => {
  const reference = `STORY-${Date.now()}`;
  const { body } = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-jp-5gb',
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
    customerReference: reference,
  });
  const shortId = String(body.shortId);
  const { page, context } = await newPage();
  await signIn(page, '/orders');
  await page.getByLabel('Search').fill(reference.slice(0, -2).toLowerCase());
  await page.getByText('Found among the latest 100 orders.').waitFor();
  await page.getByRole('link', { name: shortId }).waitFor();
  await page.getByLabel('Search').fill(reference);
  await page.getByText('1 shown').waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain(reference);
  await page.getByRole('link', { name: shortId }).click();
  await page.getByRole('region', { name: 'eSIM', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resend mail' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Send for/ })
    .click();
  await page.getByText('Mailed to jane@example.com.').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Wallet' }).click();
  await page.getByRole('link', { name: shortId }).first().click();
  await page.getByRole('heading', { level: 2, name: shortId }).waitFor();
  await context.close();
});

it('that has failed needs attention on the overview', async () => {
  const products = await asDealer('GET', '/dealer/products?limit=100');
  const product = (products.body.data as { id: string }[]).find(({ id }) => id.endsWith('sandbox-reject'))!;
  const { body } = await asDealer('POST', '/dealer/order', {
    productId: product.id,
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
  });
  const { page, context } = await newPage();
  await signIn(page, `/orders/${String(body.shortId)}`);
  await page.getByText('The order has failed').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  const attention = page.getByRole('region', { name: 'Needs attention' });
  await attention.getByRole('link', { name: String(body.shortId) }).waitFor();
  await context.close();
});

it('shows what is used of an eSIM, which can be revoked for good', async () => {
  const { body } = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-jp-5gb',
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
  });
  const { page, context, complaints } = await newPage();
  await signIn(page, `/orders/${String(body.shortId)}`);
  const unit = page.getByRole('region', { name: 'eSIM', exact: true });
  const iccid = (await unit.getByText(/^8[\d ]{18,}$/).innerText()).replaceAll(' ', '');
  await inSandbox(`provider/esims/${iccid}`, { state: 'Installed', used_mb: 1_200 });
  await unit.getByRole('button', { name: 'Usage' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1.2 GB of 5 GB').waitFor();
  await page.keyboard.press('Escape');
  await unit.getByRole('button', { name: 'Revoke' }).click();
  const confirm = dialog.getByRole('button', { name: 'Revoke for good' });
  const digits = dialog.getByLabel(/^Type the last four digits/);
  await digits.fill(iccid.slice(0, 4));
  expect(await confirm.isDisabled()).toBe(true);
  await digits.fill(iccid.slice(-4));
  await confirm.click();
  await page.getByText('The eSIM is revoked.').waitFor();
  for (const isNew of [false, true]) {
    if (isNew) await page.reload();
    await unit.getByText('Revoked', { exact: true }).waitFor();
    expect(await unit.getByRole('button', { name: 'Revoke' }).count()).toBe(0);
  }
  expect(complaints).toEqual([]);
  await context.close();
});
