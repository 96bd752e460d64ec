import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isOn, newPage, signIn, useBrowser } from './browser';
import { asAdmin } from './operator';

useBrowser();

const codes = (start: string, howMany: number) =>
  Array.from({ length: howMany }, (_, index) => `LPA:1$smdp.example.com$${start}-${index}`);

it('reads a pasted list, tells the price, and shows the verdicts as they come', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/verification');
  await page
    .getByLabel('Activation codes', { exact: true })
    .fill([...codes('AVAILABLE', 15), ...codes('USED', 5)].join('\n'));
  await page.getByRole('status').getByText('20 codes read').waitFor();
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByRole('button', { name: 'Check 20 for $20.00' }).click();
  await page.getByText('Complete: 20 codes checked').waitFor();
  await page.getByLabel('Verdict', { exact: true }).selectOption('used');
  await page.getByText('5 rows').waitFor();
  await isOn(page, 'Verification');
  await context.close();
});

it('takes a file that is dropped', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/verification');
  const field = page.getByLabel('Activation codes', { exact: true });
  const dropped = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'codes.txt', { type: 'text/plain' }));
    return data;
  }, codes('AVAILABLE', 3).join('\n'));
  await field.dispatchEvent('drop', { dataTransfer: dropped });
  await page.getByRole('status').getByText('3 codes read').waitFor();
  await context.close();
});

it('finds the codes in a file of a spreadsheet, and shows what a cell holds as text alone', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/verification');
  const attack = '<img src=x onerror=alert(1)>';
  await page.getByLabel('File with activation codes').setInputFiles({
    name: 'codes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`\uFEFFnote;Activation Code\r\n"a;b";${codes('AVAILABLE', 1)[0]}\r\n;${attack}\r\n`),
  });
  await page.getByRole('status').getByText('2 codes read').waitFor();
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByText('1 line is not an activation code').waitFor();
  await page.getByRole('button', { name: 'Check 2 for $2.00' }).click();
  await page.getByText('Complete: 2 codes checked').waitFor();
  await page.getByText(attack).waitFor();
  expect(await page.locator('img[src=x]').count()).toBe(0);
  await context.close();
});

it('shows the verdicts of 500 codes as they come, how long it takes, and keeps them', async () => {
  await asAdmin('POST', 'dealers/demo@meisim.test/adjustments', { amount: '500.00', reason: 'For a story' });
  const { page, context } = await newPage();
  await signIn(page, '/verification');
  const all = [...codes('AVAILABLE-live', 300), ...codes('USED-live', 200)];
  await page.getByLabel('Activation codes', { exact: true }).fill(all.join('\n'));
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByRole('button', { name: 'Check 500 for $500.00' }).click();
  await page.getByText(/^[1-9]\d* of 500 codes checked$/).waitFor();
  await page.getByText(/^Done in /).waitFor();
  const verdicts = page.getByRole('table', { name: 'Verdicts' });
  await verdicts.getByText('Available', { exact: true }).first().waitFor();
  await page.getByText('Complete: 500 codes checked').waitFor({ timeout: 60_000 });
  await page.getByLabel('Search').fill('used-live-199');
  await page.getByText('1 row', { exact: true }).waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split(/\r?\n/);
  expect(lines.length).toBe(all.length + 1);
  await page.getByRole('link', { name: 'All batches' }).click();
  await page.getByRole('region', { name: 'History' }).getByText('500', { exact: true }).first().waitFor();
  await context.close();
});

it('asks which column has the codes where none looks like it, and cancels what has not begun', async () => {
  await asAdmin('POST', 'dealers/demo@meisim.test/adjustments', { amount: '3000.00', reason: 'For a story' });
  const { page, context } = await newPage();
  await signIn(page, '/verification');
  const file = page.getByLabel('File with activation codes');
  const sheet = (text: string) => ({ name: 'codes.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await file.setInputFiles(sheet('Customer;Thing\nAnn;first\nBen;second\n'));
  await page.getByRole('status').getByText('Which column has the codes?').waitFor();
  await page.getByLabel('Column with the codes').selectOption('Thing');
  await page.getByRole('status').getByText('2 codes read').waitFor();

  await file.setInputFiles(sheet(codes('AVAILABLE-cancelled', 3_000).join('\n')));
  await page.getByRole('status').getByText('3,000 codes read').waitFor();
  await page.getByRole('button', { name: 'Show the price' }).click();
  await page.getByRole('button', { name: /^Check 3,000 for/ }).click();
  await page.getByRole('button', { name: 'Cancel the rest' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the rest' }).click();
  await page.getByText('What had not begun was cancelled and refunded.').waitFor();
  await page.getByLabel('Verdict', { exact: true }).selectOption('cancelled');
  await page.getByRole('cell', { name: 'Cancelled, refunded' }).first().waitFor();
  await context.close();
});
