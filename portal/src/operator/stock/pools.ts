import type { Level, Lot } from './data';

export interface Pool extends Level {
  sold: number;
  burned: number;
  withdrawn: number;
}

/** Each pool, and what became of its deliveries together; the emptiest first. */
export function poolsOf(levels: Level[], lots: Lot[]): Pool[] {
  const pools = new Map(levels.map((level) => [level.pool, { ...level, sold: 0, burned: 0, withdrawn: 0 }]));
  for (const lot of lots) {
    const pool = pools.get(lot.pool);
    if (!pool) continue;
    pool.sold += lot.sold;
    pool.burned += lot.burned;
    pool.withdrawn += lot.withdrawn;
  }
  return [...pools.values()].sort((a, b) => a.available - b.available || a.pool.localeCompare(b.pool));
}
