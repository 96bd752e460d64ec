import { expect, it } from 'vitest';
import { abilitiesOf, isPoor } from './abilities';

it('tells how a provider is spoken to, and what it can', () => {
  expect(abilitiesOf({ format: 'airalo', capabilities: ['catalogue', 'usage'] })).toBe(
    'airalo: catalogue, usage',
  );
  expect(abilitiesOf({ format: null, capabilities: null })).toBe('not configured any more');
});

it('warns of a balance below the limit, and not of one that is not known', () => {
  expect(isPoor({ balanceUsd: 9.99, lowBalanceUsd: 10 })).toBe(true);
  expect(isPoor({ balanceUsd: 10, lowBalanceUsd: 10 })).toBe(false);
  expect(isPoor({ balanceUsd: null, lowBalanceUsd: 10 })).toBe(false);
});
