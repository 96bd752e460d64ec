import { t } from '../words';
import type { ListedOrder, OrderDetails } from './data';

type OrderEvent = OrderDetails['events'][number];

/** What happened, and to which unit where there are several. */
export function eventName(event: OrderEvent, units: number): string {
  const name = t.orders.events[event.type] ?? event.type;
  return event.unit !== null && units > 1 ? t.orders.ofUnit(name, event.unit) : name;
}

/** `Japan, 5 GB, 30 days × 3`. */
export function whatOf({ productName, quantity }: Pick<ListedOrder, 'productName' | 'quantity'>): string {
  return quantity > 1 ? `${productName} × ${quantity}` : productName;
}
