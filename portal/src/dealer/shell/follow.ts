import type { QueryClient } from '@tanstack/react-query';
import { follow } from '~/shared/api/follow';

/** What has to be asked for anew when an event tells that something has happened. */
const stale: Record<string, string[]> = {
  'wallet.changed': ['wallet'],
  'batch.progress': ['batches', 'batch'],
  'batch.completed': ['batches', 'batch'],
  'order.completed': ['orders', 'order'],
  'order.failed': ['orders', 'order'],
  'esim.installed': ['order', 'usage'],
  'replacement.decided': ['stock', 'replacement'],
};

/** The first of a state only tells how it is; what the page shows was asked for a moment before. */
const states = new Set(['wallet.changed', 'batch.progress']);

/** Which queries an event makes stale. `before` has the last state of each kind that was told. */
export function staleKeys(event: string, data: string, before: Map<string, string>): string[] {
  if (!states.has(event)) return stale[event] ?? [];
  const known = before.get(event);
  before.set(event, data);
  return known === undefined || known === data ? [] : stale[event]!;
}

/** Follows the dealer's events. Gives how to end it. */
export function followEvents(queries: QueryClient): () => void {
  const before = new Map<string, string>();
  return follow(queries, {
    path: '/dealer/events',
    stale,
    staleKeys: (event, data) => staleKeys(event, data, before),
  });
}
