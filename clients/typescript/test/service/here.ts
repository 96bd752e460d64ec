// The service that the tests run against: tests/system/with_instance.sh starts one.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Dealer, verifyWebhook, type WebhookEvent } from '@meisim/dealer';

export const dealer = new Dealer();

/** Gets webhooks for as long as `test` runs, whose `next` waits for the genuine event that it means. */
export async function withWebhook(
  test: (next: (isMeant: (event: WebhookEvent) => boolean) => Promise<WebhookEvent>) => Promise<void>,
): Promise<void> {
  const events: WebhookEvent[] = [];
  let secret = '';
  let wake = () => {};
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    events.push(verifyWebhook(Buffer.concat(chunks), request.headers, secret));
    response.writeHead(204).end();
    wake();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const webhook = await dealer.post('/dealer/webhooks', { body: { url, events: ['*'] } });
  secret = webhook.secret;
  const next = async (isMeant: (event: WebhookEvent) => boolean): Promise<WebhookEvent> => {
    for (;;) {
      const found = events.find(isMeant);
      if (found !== undefined) return found;
      await new Promise<void>((woken) => (wake = woken));
    }
  };
  try {
    await test(next);
  } finally {
    await dealer.delete('/dealer/webhooks/{id}', { params: { id: webhook.id } });
    server.closeAllConnections();
    server.close();
  }
}
