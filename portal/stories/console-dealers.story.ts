import { expect, it } from 'vitest';
import { isOn, newPage, portal, useBrowser } from './browser';
import { addDealer, asAdmin, asDealer, operatorConsole, signInAs } from './operator';

useBrowser();

it('shows an operator the pages as the dealer sees them, and lets nothing be changed', async () => {
  const dealer = await addDealer('viewed', 'Viewed Ltd');
  const { page, context } = await newPage();
  await signInAs(page, 'support', `/dealers/${dealer}`);
  await page.getByRole('button', { name: 'View as dealer' }).click();
  const dialog = page.getByRole('dialog');
  const opening = dialog.getByRole('button', { name: 'Open the portal' });
  expect(await opening.isDisabled()).toBe(true);
  await dialog.getByLabel('Reason').fill('Cannot find an order');
  const [tab] = await Promise.all([context.waitForEvent('page'), opening.click()]);
  await tab.getByText('You are looking at the account of Viewed Ltd').waitFor();
  // The pass stays in no address.
  expect(tab.url().replace(/\/$/, '')).toBe(portal);
  await tab.goto(`${portal}/settings`);
  await tab.getByRole('button', { name: 'Save notifications' }).click();
  await tab.getByText('An operator who looks at the account changes nothing.').waitFor();
  await tab.getByRole('button', { name: 'End' }).click();
  await tab.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  const told = await asAdmin('GET', `audit?subject=${encodeURIComponent(dealer)}&limit=1`);
  expect(JSON.stringify(told.body)).toContain('Cannot find an order');
  await context.close();
});

it('tells of which provider something is bought, and buys it of one alone', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'finance', '/prices');
  const pins = page.getByRole('region', { name: 'Bought of one provider alone' });
  await pins.getByRole('button', { name: 'Pin', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Product').fill('p3:data-us-5gb');
  await dialog.getByLabel('Provider').selectOption('p3');
  await dialog.getByRole('button', { name: 'Pin', exact: true }).click();
  await pins.getByRole('row', { name: /p3:data-us-5gb/ }).waitFor();
  const asking = page.getByRole('region', { name: 'Of whom is it bought?' });
  await asking.getByLabel('Product').fill('p3:data-us-5gb');
  await asking.getByRole('button', { name: 'Explain' }).click();
  await asking.getByText('Bought as p3:data-us-5gb first.').waitFor();
  await pins.getByRole('button', { name: /^Unpin p3:data-us-5gb/ }).click();
  await dialog.getByRole('button', { name: 'Unpin', exact: true }).click();
  await pins.getByText('Nothing is pinned').waitFor();
  await context.close();
});

it('tells a suspended dealer that nothing can be ordered, and not why', async () => {
  const dealer = await addDealer('suspended', 'Suspended Ltd');
  await asAdmin('POST', `dealers/${dealer}/password`, { password: 'a long password' });
  await asAdmin('POST', `dealers/${dealer}/status`, { status: 'suspended', reason: 'An unpaid bill' });
  const { page, context } = await newPage();
  await page.goto(portal);
  await page.getByLabel('Email').fill(dealer);
  await page.getByLabel('Password').fill('a long password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isOn(page, 'Account suspended');
  expect(await page.getByText('An unpaid bill').count()).toBe(0);
  await asAdmin('POST', `dealers/${dealer}/status`, { status: 'approved' });
  await page.reload();
  await isOn(page, 'Overview');
  await context.close();
});

it('approves a dealer with a limit, and books what was paid of it; the audit tells who did so', async () => {
  const dealer = await addDealer('pending', 'Pending Ltd', 'pending');
  await asAdmin('POST', `dealers/${dealer}/password`, { password: 'a long password' });
  const [theirs, ours] = [await newPage(), await newPage()];
  await theirs.page.goto(`${portal}/wallet`);
  await theirs.page.getByLabel('Email').fill(dealer);
  await theirs.page.getByLabel('Password').fill('a long password');
  await theirs.page.getByRole('button', { name: 'Sign in' }).click();
  await isOn(theirs.page, 'Account not approved');

  const { page } = ours;
  await signInAs(page, 'admin', '/dealers');
  await page.getByLabel('Status').selectOption('pending');
  await page.getByRole('row').filter({ hasText: dealer }).getByRole('link').click();
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Pending Ltd is approved.').waitFor();
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  const limit = dialog.getByLabel('Credit limit in dollars');
  await limit.fill('a lot');
  await dialog.getByText('An amount like 5000.00').waitFor();
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await limit.fill('2500');
  await dialog.getByLabel('Markup in %').fill('12.5');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Pending Ltd is changed.').waitFor();
  await page.reload();
  await page.getByText('$2,500.00', { exact: true }).waitFor();
  const key = String((await asAdmin('POST', `dealers/${dealer}/keys`)).body.apiKey);
  const ordered = await asDealer('POST', '/api/v1/esim/order', { bundleName: 'esim_5gb_30days_jp' }, key);
  const owed = Number(ordered.body.Amount).toFixed(2);
  await page.reload();
  await page.getByText(`$${owed}`, { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Settle' }).click();
  await dialog.getByLabel('Amount in dollars').fill(owed);
  await dialog.getByLabel(/^Reason/).fill('Paid by bank');
  await dialog.getByRole('button', { name: `Book $${owed}` }).click();
  await page.getByText('Not paid yet: $0.00.').waitFor();

  await theirs.page.reload();
  await isOn(theirs.page, 'Wallet');
  await theirs.page.getByText('$2,500.00 more can be ordered. Your limit is $2,500.00.').waitFor();
  await theirs.page.getByText('Prices are the provider’s plus 12.5%').waitFor();

  await page.getByRole('link', { name: 'What was changed' }).click();
  await isOn(page, 'Audit');
  const events = page.getByRole('table', { name: 'Events' });
  await events.getByText('dealer.changed').waitFor();
  // What was done by the service's own token is not what the operator did.
  await events.getByText('dealer.added').waitFor();
  await page.getByLabel('Who').fill('admin@stories.example');
  await events.getByText('dealer.added').waitFor({ state: 'detached' });
  await page.reload();
  await events.getByText('dealer.status').waitFor();
  // Besides the head: the approval, the change and what was booked.
  expect(await events.getByRole('row').count()).toBe(4);
  await page.getByLabel('Since').fill('2999-01-01');
  await page.getByText('Nothing was done that matches').waitFor();
  await page.goto(`${operatorConsole}/audit?subject=${encodeURIComponent(dealer)}&since=2020-01-01`);
  await events.getByText('dealer.password').waitFor();
  expect(
    [...theirs.complaints, ...ours.complaints].filter((text) => !text.includes('status of 403')),
  ).toEqual([]);
  await theirs.context.close();
  await ours.context.close();
});
