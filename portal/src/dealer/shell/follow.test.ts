import { expect, it } from 'vitest';
import { staleKeys } from './follow';

it('asks anew for what has changed, and not for what is as it was', () => {
  const before = new Map<string, string>();
  expect(staleKeys('wallet.changed', '{"balance_usd":20}', before)).toEqual([]);
  expect(staleKeys('wallet.changed', '{"balance_usd":20}', before)).toEqual([]);
  expect(staleKeys('wallet.changed', '{"balance_usd":11}', before)).toEqual(['wallet']);
  expect(staleKeys('order.completed', '{}', before)).toEqual(['orders', 'order']);
  expect(staleKeys('order.refused_for_funds', '{}', before)).toEqual([]);
});
