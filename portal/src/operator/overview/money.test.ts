import { expect, it } from 'vitest';
import { sumOf } from './money';

it('sums what was sold to the cent, also where a cost is not known', () => {
  const sale = (revenueUsd: number, costUsd: number | null) => ({
    dealer: 'jo@example.com',
    country: null,
    product: 'p3:x',
    orders: 1,
    units: 2,
    revenueUsd,
    costUsd,
    marginUsd: costUsd === null ? null : Math.round((revenueUsd - costUsd) * 100) / 100,
    unitsWithoutCost: costUsd === null ? 2 : 0,
  });
  expect(sumOf([sale(0.1, 0.07), sale(0.2, null), sale(19.99, 10)])).toEqual({
    orders: 3,
    units: 6,
    revenue: 20.29,
    cost: 10.07,
    margin: 10.02,
    unitsWithoutCost: 2,
  });
  expect(sumOf([]).revenue).toBe(0);
});
