import type { Lot } from './data';

export interface Pool {
  /** Carrier and plan: `att.qr`. */
  name: string;
  available: number;
  sold: number;
  burned: number;
  withdrawn: number;
  isLow: boolean;
}

/** Fewer than this are few. */
export const ordinaryThreshold = 50;

/** The deliveries of each pool together, the emptiest first. */
export function poolsOf(lots: Lot[], threshold: number): Pool[] {
  const pools = new Map<string, Pool>();
  for (const lot of lots) {
    const pool = pools.get(lot.pool) ?? {
      name: lot.pool,
      available: 0,
      sold: 0,
      burned: 0,
      withdrawn: 0,
      isLow: false,
    };
    pool.available += lot.available;
    pool.sold += lot.sold;
    pool.burned += lot.burned;
    pool.withdrawn += lot.withdrawn;
    pool.isLow = pool.available < threshold;
    pools.set(lot.pool, pool);
  }
  return [...pools.values()].sort((a, b) => a.available - b.available || a.name.localeCompare(b.name));
}
