// A provider of the standard format that is as awkward as life is, for the tests. Its products: `missing` (404), `unpaid`
// (402 until POST /test/pay), `twin` (always the same eSIM), `doubled` (sold, but answered with 409), `slow` (three seconds),
// `good`, and `gift` for nothing. GET /test/sold counts what was sold. Its list of orders has no end.
import { createServer } from 'node:http';

const products = ['missing', 'unpaid', 'twin', 'doubled', 'slow', 'good', 'gift'];
const orders = new Map();
let number = 0;
let isPaid = false;

function sell(reference, product) {
  if (!orders.has(reference)) {
    number += 1;
    const serial = String(product === 'twin' ? 0 : number).padStart(12, '0');
    orders.set(reference, {
      reference,
      product,
      order_id: `awkward-${number}`,
      status: 'completed',
      esim: { iccid: `8999999${serial}`, lpa: `LPA:1$smdp.awkward.test$CODE-${serial}` },
    });
  }
  return orders.get(reference);
}

function answer(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse(response, status) {
  answer(response, status, { error: { code: 'no', message: `awkward answer ${status}` } });
}

function place(response, { reference, product }) {
  switch (product) {
    case 'missing':
      return refuse(response, 404);
    case 'unpaid':
      return isPaid ? answer(response, 201, sell(reference, product)) : refuse(response, 402);
    case 'doubled':
      sell(reference, product);
      return refuse(response, 409);
    case 'slow':
      sell(reference, product);
      return setTimeout(() => answer(response, 201, orders.get(reference)), 3000);
    default:
      return answer(response, 201, sell(reference, product));
  }
}

function catalogue() {
  const price = (name) => (name === 'gift' ? '0.00' : '1.00');
  return {
    countries: [{ iso: 'US', name: 'United States', region: 'North America' }],
    products: [
      ...products.map((id) => ({ id, name: `The ${id} plan`, country: 'US', price: price(id) })),
      { id: 'third-of-a-cent', name: 'No price', country: 'US', price: '0.333' },
    ],
    bundles: products.map((name) => ({ name: `data_${name}`, country: 'US', price: price(name) })),
  };
}

function respond(request, response, body) {
  const path = request.url;
  if (path === '/v1/catalogue') return answer(response, 200, catalogue());
  if (path === '/test/pay') {
    isPaid = true;
    return answer(response, 200, {});
  }
  if (path === '/test/sold') return answer(response, 200, { count: orders.size });
  if (path === '/v1/orders') {
    const { reference, product } = JSON.parse(body);
    return place(response, { reference, product: product.replace('data_', '') });
  }
  if (path.startsWith('/v1/orders?')) {
    const page = new URL(path, 'http://awkward').searchParams.get('page');
    return answer(response, 200, { orders: [{ order_id: `of page ${page}`, price: '1.00' }], has_more: true });
  }
  const known = orders.get(decodeURIComponent(path.replace('/v1/orders/', '')));
  return known ? answer(response, 200, known) : refuse(response, 404);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => respond(request, response, Buffer.concat(chunks).toString()));
});
server.listen(0, '127.0.0.1', () => console.log(`awkward provider ready http://127.0.0.1:${server.address().port}`));
