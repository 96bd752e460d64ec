import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { verifyWebhook, WebhookError } from '@meisim/dealer';

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
const body = '{"type":"wallet.low_balance","timestamp":"2026-05-05T12:40:02Z","data":{"balance_usd":49.50,"threshold_usd":50.00}}';
const sentAt = new Date('2026-05-05T12:40:03Z');

function signed(text = body, by = secret) {
  const seconds = String(sentAt.getTime() / 1000);
  const key = Buffer.from(by.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${seconds}.${text}`).digest('base64');
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
}

function later(seconds: number) {
  return new Date(sentAt.getTime() + seconds * 1000);
}

test('a genuine message is its event, whichever way it came', () => {
  const shouted = Object.fromEntries(Object.entries(signed()).map(([name, value]) => [name.toUpperCase(), value]));
  for (const headers of [signed(), new Headers(signed()), shouted])
    for (const content of [body, new TextEncoder().encode(body)]) {
      const event = verifyWebhook(content, headers, secret, sentAt);
      assert.equal(event.type === 'wallet.low_balance' && event.data.balance_usd, 49.5);
    }
});

test("the specification's own example is genuine", () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const example = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  verifyWebhook('{"test": 2432232314}', headers, example, new Date(1614265330_000));
});

test('a message that was changed, is old, or bears another signature is refused', () => {
  const refused = (...message: Parameters<typeof verifyWebhook>) => assert.throws(() => verifyWebhook(...message), WebhookError);
  const other = `whsec_${Buffer.from('another secret of theirs').toString('base64')}`;
  refused(`${body} `, signed(), secret, sentAt);
  refused(body, { ...signed(), 'webhook-id': 'msg_2' }, secret, sentAt);
  refused(body, signed(body, other), secret, sentAt);
  refused(body, { ...signed(), 'webhook-signature': 'v1,' }, secret, sentAt);
  refused(body, { ...signed(), 'webhook-signature': undefined }, secret, sentAt);
  refused(body, signed(), secret, later(301));
  refused(body, signed(), secret, later(-301));
  refused(body, { ...signed(), 'webhook-timestamp': 'soon' }, secret, sentAt);
});

test('while a secret is being changed, a message by either of them is genuine', () => {
  const other = `whsec_${Buffer.from('another secret of theirs').toString('base64')}`;
  const both = { ...signed(), 'webhook-signature': `${signed(body, other)['webhook-signature']} ${signed()['webhook-signature']}` };
  for (const known of [secret, other, [other, secret]]) verifyWebhook(body, both, known, sentAt);
  verifyWebhook(body, signed(), [other, secret], sentAt);
});
