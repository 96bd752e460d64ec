import type { QueryClient } from '@tanstack/react-query';
import { follow } from '~/shared/api/follow';

/** What has to be asked for anew when a topic has changed. What an operator changes is told by its audit event. */
export const stale: Record<string, string[]> = {
  'orders.changed': ['orders', 'order', 'sales', 'providers', 'dealer'],
  'payments.changed': ['payments', 'payment', 'unmatched', 'dealer'],
  'stock.changed': ['lots', 'levels', 'dealer'],
  'reviews.changed': ['reviews', 'lots', 'levels'],
  'batches.changed': ['batches', 'dealer'],
  'devices.changed': ['devices'],
  'jobs.changed': ['jobs', 'mails', 'webhooks', 'providers', 'order'],
  'nodes.changed': ['nodes'],
  'audit.added': [
    'audit',
    'operators',
    'dealers',
    'dealer',
    'orders',
    'order',
    'prices',
    'skus',
    'lots',
    'levels',
    'reviews',
    'unmatched',
    'providers',
    'restored',
    'keys',
  ],
  'health.changed': ['health'],
};

/** Follows what changes at whichever node. Gives how to end it. */
export function followTopics(queries: QueryClient): () => void {
  return follow(queries, {
    path: '/admin/v1/events',
    stale,
    staleKeys: (topic) => stale[topic] ?? [],
  });
}
