import { expect, it } from 'vitest';
import { isOn, newPage, service, useBrowser } from './browser';
import {
  addDealer,
  addOperator,
  asAdmin,
  consolePages,
  operatorConsole,
  signInAs,
  signInTo,
} from './operator';

useBrowser();

const mostScript = 220 * 1024;

it('of the console leads to where one wanted to go, survives a reload, and ends when one signs out', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'viewer', '/nodes');
  await isOn(page, 'Nodes');
  await page.reload();
  await isOn(page, 'Nodes');
  const cookie = (await context.cookies(`${operatorConsole}/../admin/v1`)).find(
    (one) => one.name === 'console_session',
  );
  expect([cookie?.httpOnly, cookie?.sameSite, cookie?.path]).toEqual([true, 'Strict', '/admin']);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await isOn(page, 'Sign in');
  await page.goBack();
  await isOn(page, 'Sign in');
  await context.close();
});

it('of the console changes its own password, and is then the only one', async () => {
  const account = await addOperator('own-password');
  const elsewhere = await newPage();
  await signInTo(elsewhere.page, account);
  const { page, context, complaints } = await newPage();
  await signInTo(page, account);
  const change = async (current: string, wanted: string) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password').fill(wanted);
    await page.getByRole('button', { name: 'Change the password' }).click();
  };
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Change your password' }).click();
  const wanted = 'quite another horse';
  await change('not the password', wanted);
  await page
    .getByRole('alert')
    .getByText(/^The current password or the code is wrong/)
    .waitFor();
  await change(account.password, wanted);
  await page.getByText('You are signed in here alone.').waitFor();
  await page.reload();
  await isOn(page, 'Overview');
  await elsewhere.page.reload();
  await isOn(elsewhere.page, 'Sign in');
  await signInTo(elsewhere.page, { ...account, password: wanted });
  expect(complaints.filter((text) => !/40[13]/.test(text))).toEqual([]);
  await context.close();
  await elsewhere.context.close();
});

it('of the console begins with what is right alone, and does not say what was wrong', async () => {
  const { page, context } = await newPage();
  await page.goto(operatorConsole);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('Fill in your email.').waitFor();
  await page.getByLabel('Email').fill('nobody@stories.example');
  await page.getByLabel('Password').fill('not the password');
  await page.getByLabel('One-time code').fill('123456');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await isOn(page, 'Sign in');
  await context.close();
});

it('needs no more compressed script than the budget before the console works, none of it on the public port', async () => {
  const { page, context } = await newPage();
  let bytes = 0;
  const scripts: string[] = [];
  const counted: Promise<void>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return;
    scripts.push(new URL(request.url()).pathname);
    counted.push(request.sizes().then((sizes) => void (bytes += sizes.responseBodySize)));
  });
  await page.goto(`${operatorConsole}/sign-in`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await Promise.all(counted);
  expect(bytes).toBeLessThanOrEqual(mostScript);
  const own = scripts.filter((path) => path.includes('operator'));
  expect(own.length).toBeGreaterThan(0);
  const pages = consolePages.map(({ path }) => `/console${path}`);
  const parts = own.flatMap((path) => [path, path.replace('/console/', '/portal/')]);
  for (const path of [...pages, ...parts])
    expect((await fetch(service + path)).status, `${path} on the public port`).toBe(404);
  await context.close();
});

it('shows a viewer no button that changes something, and says what a role lacks', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'viewer');
  const harmless =
    /^(\d+$|Export CSV|Sales and margin|Ledger by|Deliveries of|Prove|Save the heads|Hold saved|Explain|Show)/;
  for (const path of [...consolePages.map((one) => one.path), '/dealers/demo@meisim.test']) {
    await page.goto(`${operatorConsole}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(
      () => !document.querySelector('[aria-label="Loading"], .mantine-Skeleton-root'),
    );
    const names = await page.getByRole('button').allInnerTexts();
    // The look and the way out are everybody's.
    const named = names
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.includes('Account of'));
    expect(
      named.filter((name) => !harmless.test(name)),
      `buttons on ${path || '/'}`,
    ).toEqual([]);
  }
  await page.goto(`${operatorConsole}/payments`);
  await page.getByText('This takes the role finance.').waitFor();
  await context.close();
});

it('shows a script in a company’s name as the text that it is', async () => {
  const company = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;
  const email = await addDealer('attack', company);
  const { page, context, complaints } = await newPage();
  await signInAs(page, 'viewer', `/dealers/${email}`);
  await page.getByRole('heading', { level: 2, name: company }).waitFor();
  await page.goto(`${operatorConsole}/dealers?q=attack`);
  await page.getByRole('link', { name: company }).first().waitFor();
  await page.goto(`${operatorConsole}/audit?subject=${email}`);
  await page.getByText(company).waitFor();
  expect(await page.title()).toBe('Audit · MeiSIM');
  expect(complaints).toEqual([]);
  await asAdmin('POST', `dealers/${email}/status`, { status: 'suspended' });
  await context.close();
});
