import { expect, it } from 'vitest';
import { isOn, newPage, signIn, useBrowser } from './browser';

useBrowser();

it('is browsed by region, compared by price and data, and keeps both in its address', async () => {
  const { page, context, complaints } = await newPage();
  await signIn(page, '/shop');
  await isOn(page, 'Shop');
  const cells = (column: number) => page.locator(`tbody td:nth-child(${column})`).allInnerTexts();
  const numbers = async (column: number) =>
    (await cells(column)).map((text) => Number(text.replace(/[^0-9.]/g, '')) || 0);
  await page.getByLabel('Region').selectOption('Asia');
  await page.getByText('Price', { exact: true }).first().click();
  await expect.poll(() => page.url()).toMatch(/region=Asia&sort=price/);
  const prices = await numbers(4);
  expect(prices.length).toBeGreaterThan(2);
  expect(prices).toEqual([...prices].sort((a, b) => a - b));
  expect((await cells(1)).some((text) => text.includes('United States'))).toBe(false);
  await page.reload();
  await expect.poll(() => numbers(4)).toEqual(prices);
  await page.getByText('Data', { exact: true }).first().click();
  await expect.poll(() => page.url()).toContain('sort=data');
  const [most] = await cells(2);
  expect(most).toBe('20 GB');
  await page.getByLabel('Search').fill('no such country');
  await page.getByText('No product matches').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page
    .getByRole('button', { name: /^Order / })
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

it('orders nothing at another price than the one that is shown', async () => {
  const { page, context } = await newPage();
  // As if the price had risen since.
  await page.route('**/dealer/products*', async (route) => {
    const response = await route.fetch();
    const shown = (await response.json()) as { data: { priceUsd: number }[] };
    for (const product of shown.data) product.priceUsd = 0.5;
    await route.fulfill({ response, json: shown });
  });
  await signIn(page, '/shop?product=p3:data-jp-5gb');
  const form = page.getByRole('dialog');
  await form.getByLabel('Customer’s name').fill('Jane Doe');
  await form.getByLabel('Customer’s email').fill('jane@example.com');
  await form.getByRole('button', { name: 'Order for $0.50' }).click();
  await form.getByRole('alert').waitFor();
  await isOn(page, 'Shop');
  await context.close();
});
