import { expect, it } from 'vitest';
import { desktop, isOn, newPage, useBrowser } from './browser';
import { addDealer, asAdmin, asDealer, consolePages, operatorConsole, signInAs } from './operator';

useBrowser();

it('shows in two tabs what happens, without a reload', async () => {
  const { page, context } = await newPage({ ...desktop, hasEvents: true });
  const listens = page.waitForResponse((answer) => answer.url().endsWith('/admin/v1/events'));
  await signInAs(page, 'viewer', '/orders');
  await isOn(page, 'Orders');
  const second = await context.newPage();
  await second.goto(`${operatorConsole}/audit`);
  await isOn(second, 'Audit');
  await page.bringToFront();
  expect((await listens).headers()['content-type']).toBe('text/event-stream');

  const placed = await asDealer('POST', '/dealer/order', {
    productId: 'p3:data-us-5gb',
    customerEmail: 'live@example.com',
    customerName: 'Jane Doe',
  });
  await page.getByRole('link', { name: String(placed.body.shortId) }).waitFor();
  const dealer = await addDealer('live', 'Live Ltd');
  // Who comes back to a tab finds it up to date.
  await second.bringToFront();
  await second.getByText(dealer).first().waitFor();
  await context.close();
});

it('goes on asking where nobody tells it anything', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'viewer', '/jobs');
  await isOn(page, 'Jobs');
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/admin/v1/jobs')) asked++;
  });
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(1);
  await context.close();
});

it('says that the connection is lost, and goes on when it is back', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'viewer');
  await isOn(page, 'Overview');
  await context.setOffline(true);
  await page.getByRole('status').getByText('You are offline').waitFor();
  await context.setOffline(false);
  await page.getByRole('navigation').getByRole('link', { name: 'Nodes' }).click();
  await isOn(page, 'Nodes');
  expect(await page.getByText('You are offline').count()).toBe(0);
  await context.close();
});

it('can be read and used at twice its size, and laid out from right to left', async () => {
  for (const view of [{ ...desktop, width: 640 }, desktop]) {
    const { page, context } = await newPage(view);
    await signInAs(page, 'admin');
    for (const { path, name } of consolePages) {
      await page.goto(`${operatorConsole}${path}`);
      await isOn(page, name);
      if (view === desktop) await page.evaluate(() => (document.documentElement.dir = 'rtl'));
      await page.waitForFunction(
        () => !document.querySelector('[aria-label="Loading"], .mantine-Skeleton-root'),
      );
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
      if (view !== desktop) continue;
      const menu = await page.getByRole('navigation').boundingBox();
      const heading = await page.getByRole('heading', { level: 1 }).boundingBox();
      expect(menu!.x, name).toBeGreaterThan(heading!.x);
    }
    await context.close();
  }
});

it('keeps still for who has asked for that', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'admin', '/stock');
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByRole('dialog').waitFor();
  const longest = await page.evaluate(() =>
    Math.max(0, ...document.getAnimations().map((one) => Number(one.effect?.getTiming().duration))),
  );
  expect(longest).toBeLessThanOrEqual(1);
  await context.close();
});

it('ends the sessions of other devices, and every one', async () => {
  const [here, there] = [await newPage(), await newPage()];
  await signInAs(here.page, 'finance');
  await signInAs(there.page, 'finance');
  const leave = async (name: string) => {
    await here.page.getByRole('button', { name: /^Account of/ }).click();
    await here.page.getByRole('menuitem', { name }).click();
  };
  await leave('Sign out elsewhere');
  await here.page.getByText('You are signed in here alone.').waitFor();
  await there.page.reload();
  await isOn(there.page, 'Sign in');
  await here.page.reload();
  await isOn(here.page, 'Overview');
  await signInAs(there.page, 'finance');
  await leave('Sign out everywhere');
  await isOn(here.page, 'Sign in');
  await there.page.reload();
  await isOn(there.page, 'Sign in');
  await here.context.close();
  await there.context.close();
});

it('cancels a batch by its dealer’s name, and tells a webhook once more; what a dealer has called them stays text', async () => {
  const attack = '<img src=x onerror="window.taken=true">';
  const dealer = await addDealer('batch', attack);
  await asAdmin('POST', `dealers/${dealer}/adjustments`, { amount: '3000.00', reason: 'For a story' });
  const key = String((await asAdmin('POST', `dealers/${dealer}/keys`)).body.apiKey);
  const url = `https://127.0.0.1:9/?q=story<script>window.taken=true</script>`;
  const hook = await asDealer('POST', '/dealer/webhooks', { url, events: ['*'] });
  const { page, context, complaints } = await newPage();
  try {
    await asDealer('POST', `/dealer/webhooks/${String(hook.body.id)}/test`);
    await signInAs(page, 'support', '/jobs?show=webhooks');
    await page.getByLabel('Only what did not arrive').uncheck();
    const row = page.getByRole('row').filter({ hasText: 'q=story' }).first();
    await row.getByRole('button', { name: /^Replay/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByText('The message is on its way.').waitFor();

    const codes = Array.from(
      { length: 2_900 },
      (_, index) => `LPA:1$smdp.example.com$AVAILABLE-${Date.now()}-${index}`,
    );
    await asDealer('POST', '/dealer/esim-verify', { lpas: [attack, ...codes] }, key);
    await page.goto(`${operatorConsole}/jobs?show=batches`);
    const cancel = page
      .getByRole('row')
      .filter({ hasText: dealer })
      .getByRole('button', { name: /^Cancel / });
    await cancel.click();
    const confirm = dialog.getByRole('button', { name: 'Cancel the batch' });
    await dialog.getByText(`goes back to ${dealer}, once`).waitFor();
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel(`Type ${dealer} to go on`).fill(dealer);
    await confirm.click();
    await page.getByText(/\d+ codes will not be checked, \$\d/).waitFor();
    expect(await page.evaluate(() => 'taken' in window)).toBe(false);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
    await asDealer('DELETE', `/dealer/webhooks/${String(hook.body.id)}`);
  }
});

it('shows the version of each node, its secrets by their ids, and what a device’s test found', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'admin', '/nodes');
  await page.getByRole('region', { name: 'Secrets' }).getByText('jwt', { exact: true }).waitFor();
  const nodes = page.getByRole('table', { name: 'Nodes' });
  await nodes
    .getByText(/^\d+\.\d+\.\d+ \(/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Rotate jwt' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Rotate', exact: true }).isDisabled()).toBe(true);
  await page.keyboard.press('Escape');

  await page.goto(`${operatorConsole}/devices`);
  await page
    .getByRole('button', { name: /^Test / })
    .first()
    .click();
  await dialog.getByRole('button', { name: 'Test', exact: true }).click();
  await dialog.getByText(/^(All is well|Something is not well)\.$/).waitFor();
  await context.close();
});

it('tells of each provider how long its latest calls took, and how they ended', async () => {
  const { page, context } = await newPage();
  await signInAs(page, 'viewer');
  const providers = page.getByRole('table', { name: 'Providers' });
  await providers
    .getByText(/^half in [\d,]+ ms, 95% in [\d,]+ ms/)
    .first()
    .waitFor();
  await providers
    .getByText(/^[\d,]+ answered/)
    .first()
    .waitFor();
  await context.close();
});
