import type { Tone } from '../tone';
import { text } from '../search';

export const dealerStatuses = ['pending', 'approved', 'suspended'] as const;
export type DealerStatus = (typeof dealerStatuses)[number];

export const statusLooks: Record<DealerStatus, { name: string; tone: Tone }> = {
  pending: { name: 'Not approved', tone: 'yellow' },
  approved: { name: 'Approved', tone: 'green' },
  suspended: { name: 'Suspended', tone: 'red' },
};

export interface DealerFilters {
  q?: string;
  status?: DealerStatus;
}

/** The filters in the page's address; what is none of them is left out. */
export function dealerFilters(search: Record<string, unknown>): DealerFilters {
  return { q: text(search.q), status: dealerStatuses.find((status) => status === search.status) };
}
