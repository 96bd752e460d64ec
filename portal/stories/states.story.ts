import type { Page, Request } from 'playwright-core';
import { expect, it } from 'vitest';
import { isOn, newPage, portal, settled, signIn, useBrowser } from './browser';
import { asDealer, consolePages, operatorConsole, signInAs } from './operator';
import { pages } from './page-list';

useBrowser();

interface Shown {
  url: string;
  name: string;
}

const questionOf = (url: URL) => url.pathname + url.search;

/** Who reads the page, and what happens meanwhile: both have stories of their own. */
const isOfFrame = (question: string) => /\/(session|events)$/.test(question);

async function open(page: Page, { url, name }: Shown): Promise<void> {
  await page.goto(url);
  await isOn(page, name);
}

/** What a page asks for. */
async function questionsOf(page: Page, shown: Shown): Promise<string[]> {
  const asked = new Set<string>();
  const note = (request: Request) => {
    if (request.resourceType() === 'fetch') asked.add(questionOf(new URL(request.url())));
  };
  page.on('request', note);
  await open(page, shown);
  await settled(page);
  page.off('request', note);
  return [...asked].filter((question) => !isOfFrame(question));
}

/** Has one question of the page refused: it says so where the answer would stand, and asks again when told to. */
async function admits(page: Page, shown: Shown, question: string): Promise<void> {
  const where = `${shown.url} without ${question}`;
  const isAsked = (url: URL) => questionOf(url) === question;
  await page.route(isAsked, (route) => route.fulfill({ status: 400, json: { message: 'not today' } }));
  await open(page, shown);
  await settled(page);
  const alerts = page.getByRole('main').getByRole('alert').filter({ hasText: 'Not today.' });
  await expect.poll(() => alerts.count(), { message: where }).toBeGreaterThan(0);
  await page.unroute(isAsked);
  await alerts.getByRole('button', { name: 'Try again' }).first().click();
  await expect.poll(() => alerts.count(), { message: where }).toBe(0);
}

/** All but those that a page, by its name, can do without. */
async function allAdmit(page: Page, all: Shown[], needless: string[] = []): Promise<void> {
  for (const shown of all)
    for (const question of await questionsOf(page, shown))
      if (!needless.includes(`${shown.name} ${question}`)) await admits(page, shown, question);
}

/** While nothing has come each page has its name, and says that it loads. */
async function allLoad(page: Page, all: Shown[], api: RegExp): Promise<void> {
  await page.route(
    (url) => api.test(url.pathname) && !isOfFrame(url.pathname),
    () => undefined,
  );
  for (const shown of all) {
    await open(page, shown);
    await page.locator('[role=status][aria-label=Loading], .mantine-Skeleton-root').first().waitFor();
  }
}

async function placeOrder(): Promise<string> {
  const { body } = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-jp-5gb',
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
  });
  return String(body.shortId);
}

async function portalPages(): Promise<Shown[]> {
  const batch = await asDealer('POST', '/dealer/esim-verify', { lpas: ['LPA:1$smdp.example.com$USED-1'] });
  const own = [
    ...pages,
    { path: `/orders/${await placeOrder()}`, name: 'Orders' },
    { path: `/verification/${String(batch.body.batch_id)}`, name: 'Verification' },
  ];
  return own.map(({ path, name }) => ({ url: portal + path, name }));
}

async function pagesOfConsole(): Promise<Shown[]> {
  const own = [
    ...consolePages,
    { path: `/orders/${await placeOrder()}`, name: 'Orders' },
    { path: '/dealers/demo@meisim.test', name: 'Dealers' },
    ...['mails', 'webhooks', 'batches'].map((show) => ({ path: `/jobs?show=${show}`, name: 'Jobs' })),
  ];
  return own.map(({ path, name }) => ({ url: operatorConsole + path, name }));
}

it('of the portal: whatever cannot be loaded is admitted where it would stand, and asked for again', async () => {
  const { page, context } = await newPage();
  await signIn(page);
  await allAdmit(page, await portalPages());
  await context.close();
});

it('of the console: so it is there', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'admin');
  // The reviews name a dealer by the beginning of the id then.
  await allAdmit(page, await pagesOfConsole(), ['Reviews /admin/v1/dealers']);
  await context.close();
});

it('of both: what is on its way is shown as such', async () => {
  const [theirs, ours] = [await newPage(), await newPage()];
  await signIn(theirs.page);
  const own = (await portalPages()).filter(({ name }) => name !== 'Settings');
  await allLoad(theirs.page, own, /^\/(dealer|api)\//);
  await signInAs(ours.page, 'viewer');
  await allLoad(ours.page, await pagesOfConsole(), /^\/admin\/v1\//);
  await theirs.context.close();
  await ours.context.close();
});

it('of both: what an account may not see is told as such', async () => {
  const { page, context } = await newPage();
  await signIn(page);
  await page.route('**/dealer/orders?*', (route) =>
    route.fulfill({ status: 403, json: { message: 'this takes another right' } }),
  );
  await page.goto(`${portal}/orders`);
  const alert = page.getByRole('alert').filter({ hasText: 'Your account may not do this' });
  await alert.getByText('This takes another right.').waitFor();
  expect(await alert.getByRole('button').count()).toBe(0);
  await context.close();
});
