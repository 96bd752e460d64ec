import { expect, it } from 'vitest';
import { isOn, newPage, signIn, useBrowser } from './browser';

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
