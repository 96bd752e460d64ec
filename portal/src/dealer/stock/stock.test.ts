import { describe, expect, it } from 'vitest';
import { availableOf, type Sku } from './data';

describe('what can be bought', () => {
  const sku = { carrier: 'att', plan_type: 'qr' } as Sku;

  it('is counted by carrier and plan', () => {
    expect(availableOf(sku, { 'att.qr.available': 12, 'att.qr.sold': 3 })).toBe(12);
  });

  it('is nothing where there is no such pool', () => {
    expect(availableOf(sku, {})).toBe(0);
  });
});
