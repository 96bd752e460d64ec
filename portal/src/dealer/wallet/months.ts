import { utcMonth } from '~/shared/text/format';

/** The months that a statement can be had of: this one and the eleven before, the newest first. */
export interface Month {
  name: string;
  /** As in `2026-05`. */
  id: string;
}

export function recentMonths(now: Date, howMany = 12): Month[] {
  return Array.from({ length: howMany }, (_, back) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1));
    return { name: utcMonth(first), id: first.toISOString().slice(0, 7) };
  });
}
