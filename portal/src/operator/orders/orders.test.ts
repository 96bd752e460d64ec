import { describe, expect, it } from 'vitest';
import { isUnderWay, lookOf, orderFilters } from './filters';
import { momentName } from './words';

describe('the filters of the address', () => {
  it('keep what one quotes, and leave out what is no filter', () => {
    expect(orderFilters({ q: 8944, status: 'lost', since: '2026-05-01', stuck: 'true', x: 1 })).toEqual({
      q: '8944',
      since: '2026-05-01',
      stuck: true,
    });
  });
});

describe('a status', () => {
  it('has a name, also one that is new', () => {
    expect([lookOf('completed').name, lookOf('frozen').name]).toEqual(['Completed', 'frozen']);
  });

  it('says whether there is something to do', () => {
    expect(['pending', 'processing', 'completed', 'failed'].filter(isUnderWay)).toEqual([
      'pending',
      'processing',
    ]);
  });
});

describe('a moment of an order', () => {
  it('is called as one would say it', () => {
    const kinds = ['failing since', 'order_debit', 'bought', 'order.retried'];
    expect(kinds.map(momentName)).toEqual([
      'Failing since then',
      'Order debit',
      'Delivered',
      'Tried again by hand',
    ]);
  });
});
