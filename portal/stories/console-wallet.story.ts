import { expect, it } from 'vitest';
import { figure, newPage, useBrowser } from './browser';
import { addDealer, asAdmin, signInAs } from './operator';

useBrowser();

it('is adjusted with a reason, and a large sum with a second look', async () => {
  const dealer = await addDealer('wallet', 'Wallet Ltd');
  const { page, context, complaints } = await newPage();
  await signInAs(page, 'finance', `/dealers/${dealer}`);
  await page.getByRole('button', { name: 'Adjust' }).click();
  const dialog = page.getByRole('dialog');
  const confirm = dialog.getByRole('button', { name: /^Adjust by/ });
  await dialog.getByLabel('Amount in dollars').fill('1.999');
  await dialog.getByText('An amount has at most two decimals').waitFor();
  await dialog.getByLabel('Amount in dollars').fill('1000.00');
  await dialog.getByLabel(/^Reason/).fill('Paid by bank');
  expect(await dialog.getByText('Second look').count()).toBe(0);
  await confirm.click();
  await page.getByText('The balance is $1,000.00.').waitFor();
  await expect.poll(() => figure(page, 'Balance')).toBe(1000);

  await page.getByRole('button', { name: 'Adjust' }).click();
  await dialog.getByLabel('Amount in dollars').fill('-1200');
  await dialog.getByLabel(/^Reason/).fill('A cheque that bounced');
  await dialog.getByText('Second look').waitFor();
  expect(await confirm.isDisabled()).toBe(true);
  await dialog.getByLabel(`Type ${dealer} to go on`).fill(dealer);
  await confirm.click();
  // The wallet holds too little: nothing happens, and the page says why.
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Amount in dollars').fill('1000.01');
  await confirm.click();
  await page.getByText('The balance is $2,000.01.').waitFor();
  const shown = await asAdmin('GET', `dealers/${dealer}`);
  expect(shown.body.balance).toBe(2000.01);
  expect(complaints.filter((text) => !text.includes('status of 4'))).toEqual([]);
  await context.close();
});
