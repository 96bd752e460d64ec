import { expect, it } from 'vitest';
import { isOn, newPage, portal, settled, signIn, useBrowser } from './browser';

useBrowser();

const attack = '<img src=x onerror="window.taken=true"><script>window.taken=true</script>';

/** Whatever a name says, it is text: it makes no element and runs nothing. */
it('stays text in a company name, a label, a brand and a webhook address', async () => {
  const { page, context, complaints } = await newPage();
  const isHarmless = async (where: string) => {
    const made = await page.evaluate(
      () =>
        [...document.querySelectorAll('img, script')].filter((one) => one.outerHTML.includes('taken')).length,
    );
    expect(made, where).toBe(0);
    expect(await page.evaluate(() => 'taken' in window), where).toBe(false);
  };
  await page.route('**/dealer/session', async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const response = await route.fetch();
    const said = (await response.json()) as { dealer?: { company: string } };
    if (said.dealer) said.dealer.company = attack;
    return route.fulfill({ response, json: said });
  });
  await signIn(page);
  await page.goto(portal);
  await isOn(page, 'Overview');
  await settled(page);
  expect(await page.getByText(attack).count()).toBeGreaterThan(1);
  await isHarmless('the company name');

  await page.goto(`${portal}/developers`);
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What is it for?').fill(attack.slice(0, 64));
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByText(attack.slice(0, 64)).first().waitFor();
  await isHarmless('the label of a key');

  const address = `https://example.com/?q=<script>window.taken=true</script>`;
  await page.getByRole('button', { name: 'Add webhook' }).click();
  await dialog.getByLabel('Address').fill(address);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  await page.getByText(address).waitFor();
  await isHarmless('the address of a webhook');
  await page.getByRole('button', { name: `What to do with ${address}` }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect.poll(() => page.getByText(address).count()).toBe(0);

  await page.goto(`${portal}/settings`);
  const brand = page.getByRole('region', { name: 'Brand of your customers’ mails' });
  await brand.getByLabel('Name').fill(attack.slice(0, 60));
  await page.getByRole('region', { name: 'Preview' }).getByText(attack.slice(0, 60)).first().waitFor();
  await isHarmless('the name of a brand');
  expect(complaints).toEqual([]);
  await context.close();
});
