import type { OrderDetails } from './data';
import type { OrderStatus } from './filters';

type OrderEvent = OrderDetails['events'][number];

const names: Record<string, string> = {
  placed: 'Placed',
  bought: 'delivered',
  mailed: 'mailed',
  installed: 'installed',
  revoked: 'revoked',
  replaced: 'replaced',
  failed: 'Failed',
  completed: 'Completed',
  refunded: 'Refunded',
};

/** What happened, and to which unit where there are several. */
export function eventName(event: OrderEvent, units: number): string {
  const name = names[event.type] ?? event.type;
  if (event.unit !== null && units > 1) return `Unit ${event.unit} ${name}`;
  return name[0]!.toUpperCase() + name.slice(1);
}

/** Whether the order will change by itself. */
export function isUnderWay(status: OrderStatus): boolean {
  return status === 'pending' || status === 'processing';
}
