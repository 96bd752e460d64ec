import type { Sale } from './data';

/** For a file; nothing where it is not known. */
export const amount = (usd: number | null) => usd?.toFixed(2);

export const salesHead = [
  'Dealer',
  'Product',
  'Orders',
  'Units',
  'Revenue',
  'Cost',
  'Margin',
  'Units without cost',
];

export const salesLine = (sale: Sale) => [
  sale.dealer,
  sale.product,
  sale.orders,
  sale.units,
  amount(sale.revenueUsd),
  amount(sale.costUsd),
  amount(sale.marginUsd),
  sale.unitsWithoutCost,
];
