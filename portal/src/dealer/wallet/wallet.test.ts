import { describe, expect, it } from 'vitest';
import { creditNote } from './credit';
import { walletFilters } from './filters';
import { recentMonths } from './months';
import { partsOf } from './parts';

describe('statements', () => {
  it('go back over the turn of the year, in whole months', () => {
    const months = recentMonths(new Date('2026-01-31T23:59:00Z'), 3);
    expect(months).toEqual([
      { name: 'January 2026', id: '2026-01' },
      { name: 'December 2025', id: '2025-12' },
      { name: 'November 2025', id: '2025-11' },
    ]);
  });
});

describe('the filters of the address', () => {
  it('leaves out what is none', () => {
    expect(walletFilters({ type: 'debit', from: 'yesterday', to: '2026-05-01', other: 1 })).toEqual({
      type: 'debit',
      to: '2026-05-01',
    });
  });
});

describe('the credit', () => {
  it('says what is left of the limit', () => {
    expect(creditNote(96, 1000)).toBe('$904.00 more can be ordered. Your limit is $1,000.00.');
    expect(creditNote(-50, 100)).toBe('$150.00 more can be ordered. Your limit is $100.00.');
  });

  it('says what to do where nothing is left', () => {
    expect(creditNote(120, 100)).toBe(
      'Your limit of $100.00 is reached: orders on account are refused until you have paid some of them.',
    );
  });
});

describe('what a transaction was for', () => {
  it('leads to the order or the batch that it names', () => {
    expect(partsOf('Order MM-AB12CD: 1 x p3:data-us-5gb')).toEqual([
      { shown: 'Order ' },
      { shown: 'MM-AB12CD', to: '/orders/MM-AB12CD' },
      { shown: ': 1 x p3:data-us-5gb' },
    ]);
    const batch = '01a22ce5-e99d-7e22-be49-84569268fe38';
    expect(partsOf(`Verification of 24 codes, batch ${batch}`)).toEqual([
      { shown: 'Verification of 24 codes, ' },
      { shown: 'batch 01a22ce5…', to: `/verification/${batch}` },
    ]);
  });

  it('is left as it is where it names neither', () => {
    expect(partsOf('Top-up by card')).toEqual([{ shown: 'Top-up by card' }]);
  });
});
