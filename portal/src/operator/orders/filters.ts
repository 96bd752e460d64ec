import type { Tone } from '../tone';
import { day, text } from '../search';

export const orderStatuses = ['pending', 'processing', 'completed', 'failed', 'revoked'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

const looks: Record<OrderStatus, { name: string; tone: Tone }> = {
  pending: { name: 'Not known yet', tone: 'yellow' },
  processing: { name: 'In progress', tone: 'blue' },
  completed: { name: 'Completed', tone: 'green' },
  failed: { name: 'Failed', tone: 'red' },
  revoked: { name: 'Revoked', tone: 'gray' },
};

/** What a status is called; one that is new is called as it is. */
export function lookOf(status: string): { name: string; tone: Tone } {
  return looks[status as OrderStatus] ?? { name: status, tone: 'gray' };
}

/** Whether there is something to try again, or to end. */
export function isUnderWay(status: string): boolean {
  return status === 'pending' || status === 'processing';
}

export interface OrderFilters {
  /** Whatever a customer can quote. */
  q?: string;
  status?: OrderStatus;
  dealer?: string;
  since?: string;
  stuck?: boolean;
}

/** The filters in the page's address; what is none of them is left out. */
export function orderFilters(search: Record<string, unknown>): OrderFilters {
  return {
    q: text(search.q),
    status: orderStatuses.find((status) => status === search.status),
    dealer: text(search.dealer),
    since: day(search.since),
    stuck: search.stuck === true || search.stuck === 'true' || undefined,
  };
}
