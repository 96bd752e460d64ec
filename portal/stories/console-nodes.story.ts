import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { desktop, newPage, useBrowser } from './browser';
import { adminPort, asAdmin, asDealer, signInAs } from './operator';

useBrowser();

/** The port behind this one is free for a second node. */
const portAfter = (url: string) => String(Number(new URL(url).port) + 1);

/** Starts a second node beside the one that serves the pages. */
function startNode(name: string): { port: string; stop: () => Promise<unknown> } {
  const certificates = join(process.env.MEISIM_HOME!, 'certs');
  const port = portAfter(adminPort);
  const node = spawn(join(process.env.MEISIM_BUILD!, 'bin/meisimd'), [], {
    stdio: 'ignore',
    env: {
      ...process.env,
      MEISIM_NODE: name,
      MEISIM_PORT: portAfter(process.env.MEISIM_URL!),
      MEISIM_ADMIN_PORT: port,
      MEISIM_CLUSTER_CERTIFICATE: join(certificates, `${name}.pem`),
      MEISIM_CLUSTER_KEY: join(certificates, `${name}.key`),
      MEISIM_LINGER_SECONDS: '0',
    },
  });
  const ended = new Promise((done) => node.on('exit', done));
  return { port, stop: () => (node.kill(), ended) };
}

// Only beside a node that may have neighbours.
it.runIf(process.env.MEISIM_CLUSTER_CA)(
  'is taken out of service by its name, and can be stopped then',
  async () => {
    const node = startNode('node-1');
    const isReady = async () => (await fetch(`http://127.0.0.1:${node.port}/readyz`)).ok;
    const { page, context, complaints } = await newPage({ ...desktop, hasEvents: true });
    try {
      await expect.poll(isReady, { timeout: 60_000 }).toBe(true);
      await signInAs(page, 'admin', '/nodes');
      const nodes = page.getByRole('table', { name: 'Nodes' });
      const row = (name: string) => nodes.getByRole('row').filter({ hasText: name });
      await row('node-1').getByText('Up', { exact: true }).waitFor();
      await row('node-1').getByRole('button', { name: 'Drain node-1' }).click();
      const dialog = page.getByRole('dialog');
      const confirm = dialog.getByRole('button', { name: 'Take out of service' });
      await dialog.getByLabel('Type node-1 to go on').fill('node-0');
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByLabel('Type node-1 to go on').fill('node-1');
      await confirm.click();
      await page.getByText('node-1 is draining.').waitFor();
      await row('node-1').getByText('Draining', { exact: true }).waitFor();
      expect(await row('node-1').getByRole('button').count()).toBe(0);
      await expect.poll(isReady).toBe(false);
      await node.stop();
      await page.reload();
      await row('node-1').getByText('Down', { exact: true }).waitFor();
      await row('node-0').getByText('Up', { exact: true }).waitFor();
      expect((await asDealer('GET', '/dealer/wallet')).status).toBe(200);
      const told = await asAdmin('GET', 'audit?subject=node-1&limit=1');
      expect(JSON.stringify(told.body)).toContain('node.drained');
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      await node.stop();
    }
  },
);
