import { expect, it } from 'vitest';
import { demo, isOn, newPage, portal, service, signIn, useBrowser } from './browser';
import { addDealer, asAdmin } from './operator';
import { readQrCodes } from './qr';
import { totp } from './totp';

useBrowser();

it('gets a key for a purpose, which is shown once and may no more than it was made for', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/developers');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is it for?').fill('price robot');
  await dialog.getByLabel('Only from these addresses').fill('127.0.0.0/8\n10.0.0.0/8');
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  const key = await dialog.getByText(/^dk_/).innerText();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  const row = page.getByRole('row', { name: /price robot/ }).last();
  await row.getByText('from 127.0.0.0/8, 10.0.0.0/8').waitFor();
  expect(await page.getByText(key).count()).toBe(0);

  const ask = (path: string, method: string) =>
    fetch(`${service}${path}`, { method, headers: { 'x-dealer-key': key } });
  expect((await ask('/dealer/wallet', 'GET')).status).toBe(200);
  expect((await ask('/dealer/brand', 'DELETE')).status).toBe(403);

  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The key is revoked.').waitFor();
  expect((await ask('/dealer/wallet', 'GET')).status).toBe(401);
  await context.close();
});

it('shows its brand in the mails, as the preview does', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/settings');
  const card = page.getByRole('region', { name: 'Brand of your customers’ mails' });
  await card.getByLabel('Name').fill('Globe SIM');
  await page
    .getByRole('region', { name: 'Preview' })
    .getByText('Thank you for travelling with Globe SIM')
    .waitFor();
  await card.getByRole('button', { name: 'Save the brand' }).click();
  await page.getByText('Mails to your customers bear your brand from now on.').waitFor();
  await page.reload();
  expect(await card.getByLabel('Name').inputValue()).toBe('Globe SIM');
  await card.getByRole('button', { name: 'Remove the brand' }).click();
  await page.getByText('Mails to your customers bear our name again.').waitFor();
  await context.close();
});

it('is signed out elsewhere, one session at a time or all at once', async () => {
  const [here, there] = [await newPage(), await newPage()];
  await signIn(there.page);
  await signIn(here.page, '/settings');
  const sessions = here.page.getByRole('region', { name: 'Sessions', exact: true });
  // The newest one stands first, and is this one.
  await sessions.getByRole('row').nth(1).getByText('This one').waitFor();
  await sessions
    .getByRole('row')
    .nth(2)
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await here.page.getByText('That session is signed out.').waitFor();
  await there.page.goto(`${portal}/wallet`);
  await isOn(there.page, 'Sign in');

  await signIn(there.page);
  await sessions.getByRole('button', { name: 'Sign out everywhere' }).click();
  await here.page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await isOn(here.page, 'Sign in');
  await there.page.goto(`${portal}/wallet`);
  await isOn(there.page, 'Sign in');
  await here.context.close();
  await there.context.close();
});

it('has a second factor: set up from the picture, asked for beside the password, and turned off again', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/settings');
  await page.getByRole('button', { name: 'Set up' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Current password', { exact: true }).fill(demo.password);
  await dialog.getByRole('button', { name: 'Next' }).click();
  const [url] = readQrCodes(await dialog.getByRole('img', { name: /authenticator app/ }).screenshot());
  const secret = new URL(url!).searchParams.get('secret')!;
  await dialog.getByLabel('Code', { exact: true }).fill(totp(secret, Date.now()));
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.getByText('Your recovery codes').waitFor();
  const codes = await dialog.getByRole('listitem').allInnerTexts();
  expect(new Set(codes).size).toBeGreaterThan(2);
  await dialog.getByRole('button', { name: 'I have kept them' }).click();

  const next = await newPage();
  await next.page.goto(portal);
  await next.page.getByLabel('Email').fill(demo.email);
  await next.page.getByLabel('Password').fill(demo.password);
  await next.page.getByRole('button', { name: 'Sign in' }).click();
  await next.page.getByRole('alert').waitFor();
  await next.page.getByLabel('One-time code').fill(codes[0]!);
  await next.page.getByRole('button', { name: 'Sign in' }).click();
  await isOn(next.page, 'Overview');
  await next.context.close();

  await page.getByRole('button', { name: 'Turn off' }).click();
  await dialog.getByLabel('Code', { exact: true }).fill(codes[0]!);
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  // A recovery code is good once.
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Code', { exact: true }).fill(codes[1]!);
  await dialog.getByRole('button', { name: 'Turn off' }).click();
  await page.getByText('The second factor is off.').waitFor();
  await context.close();
});

it('changes its password, which ends every session', async () => {
  const email = await addDealer('password', 'Password Ltd');
  const [before, then] = ['a long password', 'another long password'];
  await asAdmin('POST', `dealers/${email}/password`, { password: before });
  const { page, context } = await newPage();
  await signIn(page, '/settings', { email, password: before });
  const card = page.getByRole('region', { name: 'Password' });
  await card.getByLabel('Current password').fill(before);
  await card.getByLabel('New password', { exact: true }).fill(then);
  await card.getByLabel('New password again').fill('something else');
  await card.getByText('It is not the same.').waitFor();
  await card.getByLabel('New password again').fill(then);
  await card.getByRole('button', { name: 'Change password' }).click();
  await isOn(page, 'Sign in');
  await signIn(page, '', { email, password: then });
  await isOn(page, 'Overview');
  await context.close();
});

it('chooses what it is mailed about', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/settings');
  const card = page.getByRole('region', { name: 'Notifications' });
  const low = card.getByLabel('When the balance falls below');
  await low.fill('much');
  expect(await card.getByRole('button', { name: 'Save notifications' }).isDisabled()).toBe(true);
  await low.fill('0.50');
  await card.getByLabel('When an order fails').check();
  await card.getByRole('button', { name: 'Save notifications' }).click();
  await page.getByText('Your notifications are saved.').waitFor();
  await page.reload();
  await expect.poll(() => low.inputValue()).toBe('0.50');
  expect(await card.getByLabel('When an order fails').isChecked()).toBe(true);
  await low.fill('');
  await card.getByLabel('When an order fails').uncheck();
  await card.getByRole('button', { name: 'Save notifications' }).click();
  await page.getByText('Your notifications are saved.').waitFor();
  await context.close();
});

it('finds what its programs have asked for, and is told where it is', async () => {
  const id = `story-${Date.now()}`;
  await fetch(`${service}/dealer/wallet?wrong=1`, {
    headers: { 'x-dealer-key': process.env.MEISIM_DEALER_KEY!, 'x-request-id': id },
  });
  const { page, context } = await newPage();
  await signIn(page, '/developers');
  const card = page.getByRole('region', { name: 'Requests', exact: true });
  await card.getByLabel('Only those that failed').check();
  await expect
    .poll(
      async () => {
        await page.reload();
        await card.getByLabel('Only those that failed').check();
        await card.getByRole('row').nth(1).waitFor();
        return card.getByRole('row', { name: id }).innerText();
      },
      { timeout: 20_000 },
    )
    .toMatch(/GET \/dealer\/wallet[\s\S]*400/);
  await page.getByText('You are in the sandbox').waitFor();
  await context.close();
});

it('has a webhook tested, sees what came of it, and sends it again', async () => {
  const address = `https://127.0.0.1:9/?story=${Date.now()}`;
  const { page, context } = await newPage();
  await signIn(page, '/developers');
  await page.getByRole('button', { name: 'Add webhook' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  const choose = async (name: string) => {
    await page.getByRole('button', { name: `What to do with ${address}` }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await choose('Send a test event');
  await page.getByText('A test event is on its way.').waitFor();
  // What became of it is shown at once.
  await dialog.getByText('Message and answer').first().click();
  await dialog.getByRole('button', { name: 'Send again' }).first().click();
  await page.getByText('It is sent again.').waitFor();
  await page.keyboard.press('Escape');
  await choose('Remove');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => page.getByText(address).count()).toBe(0);
  await context.close();
});
