import { expect, it } from 'vitest';
import { formOf, wishOf } from './notices';

const choices = {
  ok: true,
  language: 'de',
  lowBalanceUsd: 50,
  failedOrders: true,
  disabledWebhooks: false,
} as const;

it('saves what it has shown', () => {
  expect(formOf(choices).low).toBe('50.00');
  expect(wishOf(formOf(choices))).toEqual({
    language: 'de',
    lowBalanceUsd: 50,
    failedOrders: true,
    disabledWebhooks: false,
  });
});

it('takes an amount in either spelling, or none for never', () => {
  const form = formOf({ ...choices, lowBalanceUsd: null });
  expect(form.low).toBe('');
  expect(wishOf(form)?.lowBalanceUsd).toBeNull();
  expect(wishOf({ ...form, low: ' 12,50 ' })?.lowBalanceUsd).toBe(12.5);
  expect(wishOf({ ...form, low: '1000000.00' })?.lowBalanceUsd).toBe(1_000_000);
  for (const low of ['0', '0.00', '-1', '1.005', 'much', '1000000.01'])
    expect(wishOf({ ...form, low }), low).toBeUndefined();
});
