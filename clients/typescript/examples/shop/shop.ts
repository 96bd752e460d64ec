// A web shop of one's own: it sells eSIMs, shows their QR codes and links, and learns by webhook when they are there.
//
//   MEISIM_URL          the service, https://meisimusa.com unless set
//   MEISIM_DEALER_KEY   an API key; its scopes read and order are enough, and manage to register the webhook
//   SHOP_PORT           where the shop listens; 3000 unless set
//   SHOP_URL            the shop as the service reaches it; http://127.0.0.1:SHOP_PORT unless set
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Dealer, isDealerError, verifyWebhook, WebhookError, type WebhookEvent } from '@meisim/dealer';

const { SHOP_PORT = '3000', SHOP_URL = `http://127.0.0.1:${SHOP_PORT}` } = process.env;
const dealer = new Dealer();

type Esim = Extract<WebhookEvent, { type: 'order.completed' }>['data']['esims'][number];

/** What the shop knows of a sale. A real shop keeps it in its database. */
interface Sale {
  state: 'paid' | 'delivered' | 'failed';
  orderId?: string;
  esims: Esim[];
}
const sales = new Map<string, Sale>();

// --- Selling ---

async function showProducts(response: ServerResponse): Promise<void> {
  const offers: string[] = [];
  for await (const product of dealer.list('/dealer/products')) {
    // This shop asks for no telephone's numbers and no address.
    if (product.requires.length > 0) continue;
    offers.push(`<option value="${escaped(product.id)}">${escaped(product.name)}, ${product.priceUsd.toFixed(2)} USD</option>`);
  }
  // The sale's number is made with the form: however often it is sent, it is one sale.
  page(response, 200, 'eSIMs for travellers', `
    <form method="post" action="/buy"><input type="hidden" name="sale" value="${randomUUID()}">
      <label>Plan <select name="product">${offers.join('')}</select></label>
      <label>How many <input name="quantity" type="number" min="1" max="20" value="1"></label>
      <label>Your name <input name="name" required></label>
      <label>Your e-mail <input name="email" type="email" required></label>
      <button>Buy</button>
    </form>`);
}

async function buy(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams((await bodyOf(request)).toString());
  const field = (name: string) => form.get(name) ?? '';
  const number = field('sale');
  // Known before it is ordered: the webhook may be quicker than the answer.
  const sale: Sale = sales.get(number) ?? { state: 'paid', esims: [] };
  sales.set(number, sale);
  try {
    const order = await dealer.post('/dealer/order', {
      body: {
        productId: field('product'),
        customerEmail: field('email'),
        customerName: field('name'),
        quantity: Number(field('quantity')),
        customerReference: number,
        sendEmail: false,
      },
      idempotencyKey: number,
    });
    sale.orderId = order.orderId;
  } catch (error) {
    if (!isDealerError(error)) throw error;
    console.error(`sale ${number}: ${error.code}, ${error.message} (request ${error.requestId})`);
    // An order that may have been placed stays open: the webhook tells, or the shopper sends the form once more.
    if (error.code === 'invalid_field') return page(response, 400, 'Please look again', `<p>${escaped(error.message)}</p>`);
    if (error.code !== 'outcome_unknown' && error.code !== 'no_answer') sale.state = 'failed';
  }
  response.writeHead(303, { location: `/sales/${number}` }).end();
}

// --- Delivering ---

async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const event = verifyWebhook(await bodyOf(request), request.headers, secret);
  if (event.type === 'order.completed' || event.type === 'order.failed') {
    const sale = sales.get(event.data.customer_reference ?? '');
    if (sale !== undefined) {
      sale.orderId = event.data.id;
      sale.state = event.type === 'order.completed' ? 'delivered' : 'failed';
      // What could not be had is paid back, and has no code.
      if (event.type === 'order.completed') sale.esims = event.data.esims.filter((esim) => esim.lpa !== null);
    }
  }
  response.writeHead(204).end();
}

function showSale(number: string, response: ServerResponse): void {
  const sale = sales.get(number);
  if (sale === undefined) return page(response, 404, 'Not found', '<p>There is no such sale.</p>');
  if (sale.state === 'failed') return page(response, 200, 'Sorry', '<p>This did not work. You have not paid.</p>');
  if (sale.state === 'paid') return page(response, 200, 'Thank you', '<p>Your eSIMs are on their way…</p>', '<meta http-equiv="refresh" content="2">');
  const esims = sale.esims.map((esim) => `
    <li><img src="/sales/${number}/${esim.unit}.png" alt="QR code ${esim.unit}" width="220" height="220">
      <p><a href="${escaped(esim.installUrl)}">Install on this iPhone</a> or enter <code>${escaped(esim.lpa)}</code></p></li>`);
  page(response, 200, 'Here are your eSIMs', `<ol>${esims.join('')}</ol>`);
}

async function showQrCode(number: string, unit: number, response: ServerResponse): Promise<void> {
  const orderId = sales.get(number)?.orderId;
  if (orderId === undefined) return page(response, 404, 'Not found', '<p>There is no such sale.</p>');
  const png = await dealer.get('/dealer/orders/{order}/esims/{unit}/qr.png', { params: { order: orderId, unit } });
  response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'private, max-age=86400' }).end(png);
}

// --- The server ---

function page(response: ServerResponse, status: number, title: string, content: string, head = ''): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<!doctype html><html lang="en"><title>${title}</title>${head}<h1>${title}</h1>${content}</html>`);
}

function escaped(text: string | null): string {
  return (text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, place, number = '', file] = new URL(request.url ?? '', SHOP_URL).pathname.split('/');
  if (request.method === 'POST' && place === 'buy') return buy(request, response);
  if (request.method === 'POST' && place === 'webhook') return hear(request, response);
  if (place === 'sales' && file !== undefined) return showQrCode(number, Number.parseInt(file), response);
  if (place === 'sales') return showSale(number, response);
  return place === '' ? showProducts(response) : page(response, 404, 'Not found', '<p>There is no such page.</p>');
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    if (!response.headersSent) page(response, error instanceof WebhookError ? 400 : 500, 'Sorry', '<p>Please try again later.</p>');
  });
});
// Its secret is shown this once. A real shop registers its webhook once, and keeps the secret.
const { id, secret } = await dealer.post('/dealer/webhooks', {
  body: { url: `${SHOP_URL}/webhook`, events: ['order.completed', 'order.failed'] },
});
server.listen(Number(SHOP_PORT), () => console.log(`shop ready ${SHOP_URL}`));

process.once('SIGTERM', async () => {
  server.close();
  await dealer.delete('/dealer/webhooks/{id}', { params: { id } });
  process.exit(0);
});
