import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { demo, isOn, newPage, portal, signIn, useBrowser } from './browser';

useBrowser();

const mailBox = join(process.env.MEISIM_HOME ?? '.', 'mail');

/** The code of the mail that has come since there were only the `known` ones. */
async function mailedCode(known: Set<string>): Promise<string> {
  for (;;) {
    const fresh = readdirSync(mailBox).filter((name) => !known.has(name));
    for (const name of fresh) {
      const code = /one-time code is:\s*(\d{6})/.exec(readFileSync(join(mailBox, name), 'utf8'))?.[1];
      if (code) return code;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('leads to where one wanted to go, survives a reload, and ends when one signs out', async () => {
  const { page, context } = await newPage();
  await signIn(page, '/wallet');
  await isOn(page, 'Wallet');
  await page.reload();
  await isOn(page, 'Wallet');
  const cookie = (await context.cookies()).find((one) => one.name === 'page_session');
  expect([cookie?.httpOnly, cookie?.sameSite]).toEqual([true, 'Strict']);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click();
  await isOn(page, 'Sign in');
  await page.goBack();
  await isOn(page, 'Sign in');
  await context.close();
});

it('says that something was wrong, and not what', async () => {
  const { page, context } = await newPage();
  await page.goto(portal);
  await page.getByLabel('Email').fill(demo.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText('Email or password is wrong.').waitFor();
  await context.close();
});

it('can begin with a mailed code', async () => {
  const { page, context } = await newPage();
  await page.goto(portal);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('alert').getByText('Fill in your email first.').waitFor();
  await page.getByLabel('Email').fill(demo.email);
  const known = new Set(readdirSync(mailBox));
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('status').getByText('a code is on its way').waitFor();
  await page.getByLabel('One-time code').fill(await mailedCode(known));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isOn(page, 'Overview');
  await context.close();
});

it('that has ended elsewhere leads to the sign-in', async () => {
  const { page, context } = await newPage();
  await signIn(page);
  await isOn(page, 'Overview');
  await context.clearCookies();
  await page.getByRole('navigation').getByRole('link', { name: 'Stock' }).click();
  await isOn(page, 'Sign in');
  await context.close();
});

it('is not lost with the connection: the page says so, and goes on', async () => {
  const { page, context } = await newPage();
  await signIn(page);
  await isOn(page, 'Overview');
  await context.setOffline(true);
  await page.getByRole('status').getByText('You are offline').waitFor();
  await context.setOffline(false);
  await page.getByRole('navigation').getByRole('link', { name: 'Settings' }).click();
  await isOn(page, 'Settings');
  expect(await page.getByText('You are offline').count()).toBe(0);
  await context.close();
});
