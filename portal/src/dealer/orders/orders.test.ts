import { describe, expect, it } from 'vitest';
import { isIn, isUnderWay, orderFilters, readSearch } from './filters';
import { eventName } from './words';

describe('the search for orders', () => {
  it('knows an order by its short id, however it is typed', () => {
    for (const typed of ['MM-AB12CD', 'mm-ab12cd', ' MMAB12CD '])
      expect(readSearch(typed)).toEqual({ kind: 'order', order: 'MM-AB12CD' });
  });

  it('knows an address, an ICCID and a reference from each other', () => {
    expect(readSearch('jane@example.com')).toEqual({ kind: 'query', query: { email: 'jane@example.com' } });
    expect(readSearch('8944 5003 1234 5678 901')).toEqual({
      kind: 'query',
      query: { iccid: '8944500312345678901' },
    });
    expect(readSearch('ORDER-12345')).toEqual({ kind: 'query', query: { reference: 'ORDER-12345' } });
  });
});

describe('what is not typed to its end', () => {
  it('is found as a part of what an order has, whatever its case', () => {
    expect(isIn(['MM-AB12CD', 'jane@example.com', null], ' Jane@Ex')).toBe(true);
    expect(isIn(['MM-AB12CD', 'jane@example.com', null], 'june')).toBe(false);
    expect(readSearch('jane@ex')).toEqual({ kind: 'query', query: { reference: 'jane@ex' } });
  });
});

describe('the filters of the address', () => {
  it('reads an ICCID that the address has as a number, and leaves out what is no filter', () => {
    expect(orderFilters({ q: 8944, status: 'lost', from: '2026-05-01' })).toEqual({
      q: '8944',
      from: '2026-05-01',
    });
  });
});

describe('the words of an order', () => {
  it('name the unit where there are several', () => {
    expect(eventName({ type: 'bought', at: '', unit: 2 }, 3)).toBe('Delivered, unit 2');
    expect(eventName({ type: 'bought', at: '', unit: 1 }, 1)).toBe('Delivered');
  });

  it('say whether there is something to wait for', () => {
    expect([isUnderWay('processing'), isUnderWay('pending'), isUnderWay('failed')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
