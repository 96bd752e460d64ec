import { aDay } from '../wallet/filters';

export const orderStatuses = ['pending', 'processing', 'completed', 'failed', 'revoked'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** Whether the order will change by itself. */
export function isUnderWay(status: OrderStatus): boolean {
  return status === 'pending' || status === 'processing';
}

export const statusColors: Record<OrderStatus, string> = {
  pending: 'yellow',
  processing: 'blue',
  completed: 'green',
  failed: 'red',
  revoked: 'gray',
};

export interface OrderFilters {
  /** A reference, ICCID, mail or short id, as one types it. */
  q?: string;
  status?: OrderStatus;
  from?: string;
  to?: string;
}

/** The filters in the page's address; what is none of them is left out. */
export function orderFilters(search: Record<string, unknown>): OrderFilters {
  return {
    // An ICCID in the address is read as a number.
    q: search.q ? String(search.q) : undefined,
    status: orderStatuses.find((status) => status === search.status),
    from: aDay(search.from),
    to: aDay(search.to),
  };
}

export type Sought =
  | { kind: 'order'; order: string }
  | { kind: 'query'; query: { email?: string; iccid?: string; reference?: string } };

/** Whether a text that is not typed to its end yet stands in one of these. */
export function isIn(texts: (string | null | undefined)[], typed: string): boolean {
  const wanted = typed.trim().toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}

/** What the reader has typed: an order's own id, or what one of its fields is asked for. */
export function readSearch(text: string): Sought {
  const typed = text.trim();
  const digits = typed.replace(/[\s-]/g, '');
  if (/^MM-?[0-9A-Z]{6}$/i.test(typed))
    return { kind: 'order', order: typed.toUpperCase().replace(/^MM-?/, 'MM-') };
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(typed))
    return { kind: 'order', order: typed.toLowerCase() };
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(typed)) return { kind: 'query', query: { email: typed } };
  if (/^89\d{16,20}F?$/i.test(digits)) return { kind: 'query', query: { iccid: digits } };
  return { kind: 'query', query: { reference: typed } };
}
