import type { QueryClient } from '@tanstack/react-query';

/** What is asked of the server-sent events of a service. */
export interface Followed {
  path: string;
  /** Which queries each event that is told of can make stale, by the first part of their keys. */
  stale: Record<string, string[]>;
  /** The queries that one event makes stale. */
  staleKeys: (event: string, data: string) => string[];
}

/** What the page itself asks for comes before it. */
const pause = 2_000;
/** Events that come together are answered by one request. */
const gathering = 300;
/** A state that changes all the time is asked for no more often than this. */
const breath = 1_500;

/** How often something is asked for that events tell of as well: a proxy may keep them back without a word. */
const calm = 30_000;

let isHeard = false;

/** How long to wait before a query is asked for again: `interval` as long as nobody tells when there is something new. */
export function unlessTold(interval: number): number {
  return isHeard ? Math.max(interval, calm) : interval;
}

/** Gathers keys, and hands them on together: soon, but not all the time. */
export function gather(refresh: (keys: string[]) => void): {
  add: (keys: string[]) => void;
  stop: () => void;
} {
  const keys = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = -Infinity;
  const hand = () => {
    timer = undefined;
    last = Date.now();
    const all = [...keys];
    keys.clear();
    refresh(all);
  };
  return {
    add: (more) => {
      for (const key of more) keys.add(key);
      if (keys.size > 0) timer ??= setTimeout(hand, Math.max(gathering, last + breath - Date.now()));
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/**
 * Shows what happens as it happens, as long as the page is seen: a browser has few connections for all of its tabs. Where
 * the stream breaks, what is under way is asked for from time to time. Gives how to end it.
 */
export function follow(queries: QueryClient, { path, stale, staleKeys }: Followed): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const { add, stop: forget } = gather((keys) => {
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
  });
  const open = () => {
    source = new EventSource(path);
    // A browser goes on by itself with a stream that was cut, and hears what it has missed. A new one tells nothing of
    // what happened before, and after the page had asked.
    let isNew = true;
    source.onopen = () => {
      isHeard = true;
      if (isNew) add(Object.values(stale).flat());
      isNew = false;
    };
    source.onerror = () => {
      isHeard = false;
      // Refused, and not only cut: a browser tries that again by itself.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, calm);
    };
    for (const event of Object.keys(stale))
      source.addEventListener(event, (message: MessageEvent<string>) => add(staleKeys(event, message.data)));
    source.addEventListener('missed', () => void queries.invalidateQueries());
  };
  const stop = () => {
    clearTimeout(timer);
    forget();
    source?.close();
    source = undefined;
    isHeard = false;
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
