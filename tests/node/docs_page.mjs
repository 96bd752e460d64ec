// Opens /docs of the running service (tests/system/with_instance.sh) in a browser, and tries a call with a dealer's key. The page
// takes nothing from elsewhere, its samples are the document's own, and no script is stopped by its policy.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const { MEISIM_URL: here, MEISIM_DEALER_KEY: key } = process.env;
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: ['--no-sandbox'] });
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
const asked = [];
const problems = [];
page.on('request', (request) => asked.push(request.url()));
page.on('pageerror', (error) => problems.push(error.message));
try {
  await page.goto(`${here}/docs#tag/account/GET/api/v1/me`);
  await page.getByText(`curl '${here}/api/v1/me'`).first().waitFor();
  await page.getByRole('heading', { name: 'Idempotency and retries' }).first().waitFor();
  await page.getByRole('button', { name: 'Test Request (get /api/v1/me)' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Authentication' });
  await dialog.locator('input[type=password], input.peer').first().fill(key);
  await dialog.getByRole('button', { name: /^Send/ }).first().click();
  await dialog.getByText('demo@meisim.test').first().waitFor();
  const foreign = asked.filter((url) => !url.startsWith(`${here}/`) && !url.startsWith('data:'));
  assert.deepEqual(foreign, [], 'the page asks elsewhere');
  assert.deepEqual(problems, []);
  const kept = await page.evaluate(() => Object.values({ ...localStorage, ...sessionStorage }).join());
  assert.ok(!kept.includes(key), 'the key stays in the browser');
} finally {
  await browser.close();
}
const { headers } = await fetch(`${here}/docs/viewer.js`, { headers: { 'accept-encoding': 'br' } });
assert.equal(headers.get('content-encoding'), 'br');
console.log(`the page has asked ${asked.length} times`);
