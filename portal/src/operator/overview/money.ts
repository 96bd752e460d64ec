import type { Sale } from '../payments/data';

export interface Sum {
  orders: number;
  units: number;
  revenue: number;
  /** Of what has one. */
  cost: number;
  margin: number;
  unitsWithoutCost: number;
}

const cents = (usd: number | null) => Math.round((usd ?? 0) * 100);

/** What was sold, whoever bought what; to the cent. */
export function sumOf(sales: Sale[]): Sum {
  const sum = { orders: 0, units: 0, revenue: 0, cost: 0, margin: 0, unitsWithoutCost: 0 };
  for (const sale of sales) {
    sum.orders += sale.orders;
    sum.units += sale.units;
    sum.revenue += cents(sale.revenueUsd);
    sum.cost += cents(sale.costUsd);
    sum.margin += cents(sale.marginUsd);
    sum.unitsWithoutCost += sale.unitsWithoutCost;
  }
  return { ...sum, revenue: sum.revenue / 100, cost: sum.cost / 100, margin: sum.margin / 100 };
}
