import { expect, it } from 'vitest';
import { figure, isOn, newPage, signIn, useBrowser } from './browser';
import { addDealer, asAdmin, asDealer } from './operator';

useBrowser();

it('shows what was sold, what runs, and what needs attention', async () => {
  const email = await addDealer('overview', 'Overview Ltd');
  const password = 'a long password';
  await asAdmin('POST', `dealers/${email}/password`, { password });
  await asAdmin('POST', `dealers/${email}/adjustments`, { amount: '3040.00', reason: 'For a story' });
  const key = String((await asAdmin('POST', `dealers/${email}/keys`)).body.apiKey);
  const ask = (path: string, body?: object) => asDealer('POST', path, body, key);
  const placed = await ask('/dealer/order', {
    productId: 'p3:data-jp-5gb',
    customerName: 'Jane Doe',
    customerEmail: 'jane@example.com',
    quantity: 2,
  });
  const hook = await ask('/dealer/webhooks', { url: 'https://127.0.0.1:9/', events: ['order.failed'] });
  await ask(`/dealer/webhooks/${String(hook.body.id)}`, { disabled: true });
  const lpas = Array.from({ length: 3_000 }, (_, index) => `LPA:1$smdp.example.com$AVAILABLE-shown-${index}`);
  const batch = await ask('/dealer/esim-verify', { lpas });
  const { page, context, complaints } = await newPage();
  try {
    await signIn(page, '', { email, password });
    await isOn(page, 'Overview');
    expect(await figure(page, 'Balance')).toBeLessThan(50);
    await expect.poll(() => figure(page, 'Sales of 30 days')).toBeGreaterThan(3_000);
    await page.getByRole('figure').getByText('The balance of 30 days').waitFor({ state: 'attached' });
    const latest = page.getByRole('region', { name: 'Latest orders', exact: true });
    await latest
      .getByRole('row', { name: `${String(placed.body.shortId)} Japan, 5 GB, 30 days × 2` })
      .waitFor();
    const running = page.getByRole('region', { name: 'Running batches' });
    await running.getByRole('progressbar').waitFor();
    const attention = page.getByRole('region', { name: 'Needs attention' });
    await attention.getByText('A webhook is disabled.').waitFor();
    await attention.getByText('The balance is low.').waitFor();
    await attention.getByRole('link', { name: 'Top up' }).click();
    await isOn(page, 'Wallet');
    await page.goBack();
    await running.getByRole('link', { name: '3,000 codes' }).click();
    await isOn(page, 'Verification');
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
    await ask(`/dealer/esim-verify/${String(batch.body.batch_id)}/cancel`);
  }
});
