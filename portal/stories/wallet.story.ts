import { expect, it } from 'vitest';
import { figure, isOn, newPage, signIn, useBrowser } from './browser';

useBrowser();

it('is topped up by card: the fee is shown before, and the balance afterwards without a reload', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/wallet');
  await isOn(page, 'Wallet');
  const before = await figure(page, 'Balance');
  await page.getByRole('button', { name: 'Top up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount').fill('10');
  await dialog.getByText('Between $50.00 and $10,000.00.').waitFor();
  await dialog.getByLabel('Amount').fill('250');
  await dialog.getByText('$257.78').waitFor();
  await dialog.getByRole('button', { name: 'Continue to payment' }).click();
  await page.getByRole('button', { name: /pay/i }).click();
  await isOn(page, 'Wallet');
  await page.getByText('$250.00 are in your wallet.').waitFor();
  await expect.poll(() => figure(page, 'Balance')).toBe(before + 250);
  await context.close();
});
