import type { QueryClient } from '@tanstack/react-query';

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

/** Behind what the page itself asks for. */
const pause = 2_000;

/**
 * Shows what happens as it happens, as long as the page is seen: a browser has few connections for all of its tabs. What
 * is under way is asked for from time to time as well, as some proxies keep events back. Gives how to end it.
 */
export function followEvents(queries: QueryClient): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const before = new Map<string, string>();
  const refresh = (keys: string[]) => {
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
  };
  const open = () => {
    source = new EventSource('/dealer/events');
    for (const event of Object.keys(stale))
      source.addEventListener(event, (message: MessageEvent<string>) =>
        refresh(staleKeys(event, message.data, before)),
      );
    source.addEventListener('missed', () => void queries.invalidateQueries());
  };
  const stop = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const onVisibility = () => {
    stop();
    if ('EventSource' in window && document.visibilityState === 'visible') timer = setTimeout(open, pause);
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
  };
}
