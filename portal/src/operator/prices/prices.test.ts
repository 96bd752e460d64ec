import { describe, expect, it } from 'vitest';
import { priceFilters } from './filters';
import { emptyForm, readForm, subjectOf, valueOf } from './rules';

const read = (form: object) => readForm({ ...emptyForm, ...form });

describe('a rule as one types it', () => {
  it('is a price of a product or a markup of whatever', () => {
    expect(read({ product: 'p3:x', price: '9.99', dealer: ' jo@example.com ' }).wish).toMatchObject({
      product: 'p3:x',
      dealer: 'jo@example.com',
      priceUsd: 9.99,
    });
    expect(read({ country: 'jp', markup: '12.5' }).wish).toMatchObject({ country: 'JP', markupPct: 12.5 });
    expect(read({ markup: '0' }).wish).toMatchObject({ markupPct: 0 });
    expect(read({ markup: '5', from: '2026-05-05T12:30' }).wish?.from).toMatch(/^2026-05-0\dT\d\d:\d\d:00Z$/);
  });

  it('says what has to be mended', () => {
    for (const form of [
      {},
      { price: '1', markup: '1', product: 'x' },
      { price: '1' },
      { product: 'x', country: 'JP', markup: '1' },
      { country: 'Japan', markup: '1' },
      { dealer: 'jo', markup: '1' },
      { product: 'x', price: '-1' },
      { product: 'x', price: '1.999' },
      { markup: '1000.01' },
      { markup: '-1' },
    ])
      expect(read(form).flaw, JSON.stringify(form)).toBeTruthy();
  });
});

it('says what a rule is for, and what it makes of the price', () => {
  expect([
    subjectOf({ dealer: null, product: null, country: null }),
    subjectOf({ product: 'p3:x', dealer: 'jo@example.com' }),
    valueOf({ priceUsd: 9.9, markupPct: null }),
    valueOf({ priceUsd: null, markupPct: 12.5 }),
  ]).toEqual(['everything', 'p3:x, for jo@example.com', '$9.90', '+12.5 %']);
});

it('takes its filters from the address', () => {
  expect(priceFilters({ country: 'jp', all: 'true', x: 1 })).toEqual({ country: 'JP', all: true });
});
