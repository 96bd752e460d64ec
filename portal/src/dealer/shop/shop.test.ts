import { describe, expect, it } from 'vitest';
import { chosenProducts, regionsOf, twinsOf, type Product } from './data';
import { emptyForm, flawsOf, totalOf, wishOf } from './wish';

const product = (more: Partial<Product>): Product => ({
  id: 'p3:data-us-5gb',
  name: 'USA, 5 GB, 30 days',
  country: 'US',
  region: 'North America',
  dataMb: 5120,
  validityDays: 30,
  priceUsd: 9,
  requires: [],
  refundable: false,
  topUp: false,
  updatedAt: '2026-05-05T12:34:56Z',
  ...more,
});

const japan = product({
  id: 'p3:data-jp',
  name: 'Japan, 1 GB',
  country: 'JP',
  region: 'Asia',
  dataMb: 1024,
  priceUsd: 3.33,
});
const world = product({
  id: 'p3:world',
  name: 'Worldwide',
  country: null,
  region: null,
  dataMb: null,
  priceUsd: 40,
});

describe('the catalogue', () => {
  it('names those by their ids that look alike otherwise', () => {
    const twin = { ...japan, id: 'p5:japan' };
    expect([...twinsOf([japan, world, twin, product({})])]).toEqual([japan.id, twin.id]);
    expect(twinsOf([japan, { ...twin, priceUsd: 3.34 }]).size).toBe(0);
  });

  it('is searched by every word, in any field', () => {
    const all = [product({}), japan, world];
    expect(chosenProducts(all, { q: 'jap 1' })).toEqual([japan]);
    expect(chosenProducts(all, { q: 'asia' })).toEqual([japan]);
    expect(chosenProducts(all, { q: 'japan 5' })).toEqual([]);
  });

  it('is sorted as wished, the most data first and what is not known last', () => {
    expect(chosenProducts([japan, product({}), world], { sort: 'data' }).map((one) => one.dataMb)).toEqual([
      5120,
      1024,
      null,
    ]);
    expect(chosenProducts([world, japan], { sort: 'price' })[0]).toBe(japan);
  });

  it('knows its regions', () => {
    expect(regionsOf([product({}), japan, world])).toEqual(['Asia', 'North America']);
  });
});

describe('an order', () => {
  const form = { ...emptyForm, customerName: 'Jane Doe', customerEmail: 'jane@example.com', quantity: 3 };

  it('is guarded by the exact price that is shown', () => {
    expect(totalOf(form, japan)).toBe(9.99);
    expect(wishOf(form, japan).maxPriceUsd).toBe(9.99);
  });

  it('asks for what the product needs, and sends nothing else', () => {
    const needy = product({ requires: ['imei', 'address'] });
    expect(Object.keys(flawsOf({ ...form, imei: '35-912345 678901-2' }, needy))).not.toContain('imei');
    expect(flawsOf(form, needy).city).toBeDefined();
    expect(flawsOf(form, japan)).toEqual({});
    expect(wishOf({ ...form, imei: '359123456789012' }, japan).imei).toBeUndefined();
  });

  it('has 1 to 20 units', () => {
    for (const quantity of [0, 21, 1.5, ''])
      expect(flawsOf({ ...form, quantity }, japan).quantity).toBeDefined();
  });
});
