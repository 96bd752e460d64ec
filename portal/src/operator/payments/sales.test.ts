import { expect, it } from 'vitest';
import type { Sale } from './data';
import { salesHead, salesLine } from './sales';

it('has a cell for each of its columns, and none where a cost is not known', () => {
  const sale: Sale = {
    dealer: 'acme@example.com',
    product: 'p3:data-us-5gb',
    country: null,
    orders: 2,
    units: 3,
    revenueUsd: 27,
    costUsd: null,
    marginUsd: null,
    unitsWithoutCost: 3,
  };
  expect(salesLine(sale)).toEqual([sale.dealer, sale.product, 2, 3, '27.00', undefined, undefined, 3]);
  expect(salesLine(sale).length).toBe(salesHead.length);
});
