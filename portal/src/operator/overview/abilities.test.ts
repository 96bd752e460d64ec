import { expect, it } from 'vitest';
import { abilitiesOf, isPoor } from './abilities';

it('tells what a provider can', () => {
  expect(abilitiesOf(['catalogue', 'look_up', 'usage'])).toBe('catalogue, finds orders, usage');
  expect(abilitiesOf(null)).toBe('');
});

it('warns of a balance below the limit, and not of one that is not known', () => {
  expect(isPoor({ balanceUsd: 9.99, lowBalanceUsd: 10 })).toBe(true);
  expect(isPoor({ balanceUsd: 10, lowBalanceUsd: 10 })).toBe(false);
  expect(isPoor({ balanceUsd: null, lowBalanceUsd: 10 })).toBe(false);
});
