// Stripe's own package against our sandbox and our webhook. To be started with the sandbox's address, the node's, and
// STRIPE_KEY, STRIPE_WEBHOOK_SECRET and DEALER_KEY in the environment. Ends with 0 if all of it is well.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import Stripe from 'stripe';

const [sandbox, node] = process.argv.slice(2).map((text) => new URL(text));
const { STRIPE_KEY, STRIPE_WEBHOOK_SECRET, DEALER_KEY } = process.env;
const options = { host: sandbox.hostname, port: sandbox.port, protocol: 'http', telemetry: false };
const stripe = new Stripe(STRIPE_KEY, options);

async function post(url, body, headers = {}) {
  const answer = await fetch(url, { method: 'POST', body, headers });
  return { status: answer.status, body: await answer.json() };
}

async function dealer(path, body) {
  const headers = { 'x-dealer-key': DEALER_KEY, 'content-type': 'application/json' };
  const answer = await fetch(new URL(path, node), { method: body ? 'POST' : 'GET', headers, body });
  assert.equal(answer.status, 200, path);
  return answer.json();
}

const wish = {
  mode: 'payment',
  line_items: [{ quantity: 1, price_data: { currency: 'usd', unit_amount: 10330, product_data: { name: 'Top-up' } } }],
  success_url: 'https://example.test/ok',
  metadata: { colour: 'blue & green' },
  payment_intent_data: { metadata: { inner: '1' } },
};

// The client can make what we make, and read it again.
const session = await stripe.checkout.sessions.create(wish, { idempotencyKey: 'first' });
assert.match(session.id, /^cs_/);
assert.equal(session.amount_total, 10330);
assert.deepEqual({ ...session.metadata }, { colour: 'blue & green' });
assert.equal((await stripe.checkout.sessions.retrieve(session.id)).url, session.url);
const intent = await stripe.paymentIntents.create({ amount: 5000, currency: 'usd' });
assert.equal((await stripe.paymentIntents.retrieve(intent.id)).client_secret, intent.client_secret);

// Idempotency keys and errors are told apart by the client as it tells Stripe's.
assert.equal((await stripe.checkout.sessions.create(wish, { idempotencyKey: 'first' })).id, session.id);
await assert.rejects(
  stripe.checkout.sessions.create({ ...wish, success_url: 'https://example.test/no' }, { idempotencyKey: 'first' }),
  { type: 'StripeIdempotencyError' },
);
await assert.rejects(stripe.paymentIntents.create({ currency: 'usd' }), {
  type: 'StripeInvalidRequestError',
  code: 'parameter_missing',
  param: 'amount',
});
await assert.rejects(stripe.paymentIntents.retrieve('pi_none'), { code: 'resource_missing', statusCode: 404 });
await assert.rejects(new Stripe('sk_test_wrong', options).paymentIntents.retrieve(intent.id), {
  type: 'StripeAuthenticationError',
});

// Stripe's verifier accepts what the sandbox signs. The first delivery is refused, so it comes again.
const received = [];
const listener = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    received.push(
      stripe.webhooks.constructEvent(Buffer.concat(chunks), request.headers['stripe-signature'], STRIPE_WEBHOOK_SECRET),
    );
    response.writeHead(received.length === 1 ? 500 : 200).end();
  });
});
await new Promise((ready) => listener.listen(0, '127.0.0.1', ready));
const webhook = (url) => post(new URL('/test/stripe/webhook', sandbox), JSON.stringify({ url }));
await webhook(`http://127.0.0.1:${listener.address().port}/hook`);
await post(new URL(`/test/stripe/pay/${session.id}`, sandbox));
const refund = await stripe.refunds.create({ payment_intent: (await stripe.checkout.sessions.retrieve(session.id)).payment_intent, amount: 30 });
assert.equal(refund.status, 'succeeded');
const moved = await stripe.balanceTransactions.list({ limit: 1, expand: ['data.source'] }).autoPagingToArray({ limit: 10 });
assert.deepEqual(moved.map((line) => line.type), ['refund', 'charge']);
assert.equal(moved[0].source.id, refund.id);
const started = Date.now();
while (received.length < 6 && Date.now() - started < 20_000) await new Promise((go) => setTimeout(go, 50));
await webhook('');
listener.close();
const types = received.map((event) => event.type);
for (const type of ['checkout.session.completed', 'payment_intent.succeeded', 'charge.succeeded', 'refund.created', 'charge.refunded'])
  assert.ok(types.includes(type), `${type} in ${types}`);
assert.equal(received.length, 6, 'one event came twice');
assert.equal(new Set(received.map((event) => event.id)).size, 5);
const completed = received.find((event) => event.type === 'checkout.session.completed').data.object;
assert.equal(completed.payment_status, 'paid');

// Our node accepts what Stripe's package signs, once, and nothing that is forged or stale.
const { checkoutUrl } = await dealer('/dealer/topup', '{"amountUsd":100}');
const payload = JSON.stringify({
  id: 'evt_made_by_stripe',
  object: 'event',
  type: 'checkout.session.completed',
  data: { object: { id: checkoutUrl.split('/').pop(), object: 'checkout.session', payment_status: 'paid' } },
});
const sign = (changes = {}) =>
  stripe.webhooks.generateTestHeaderString({ payload, secret: STRIPE_WEBHOOK_SECRET, ...changes });
const send = async (header) =>
  (await post(new URL('/stripe/webhook', node), payload, { 'stripe-signature': header })).status;
assert.equal(await send(sign({ secret: 'whsec_forged' })), 400);
assert.equal(await send(sign({ timestamp: Math.floor(Date.now() / 1000) - 301 })), 400);
assert.equal((await dealer('/dealer/wallet')).balance, 0);
for (let i = 0; i < 3; ++i) assert.equal(await send(sign()), 200);
assert.equal((await dealer('/dealer/wallet')).balance, 100);
