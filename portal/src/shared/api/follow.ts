import type { QueryClient } from '@tanstack/react-query';

/** What is asked of the server-sent events of a service. */
export interface Followed {
  path: string;
  /** Every event that may be told. */
  events: string[];
  /** Which queries an event makes stale, by the first part of their keys. */
  staleKeys: (event: string, data: string) => string[];
}

/** Behind what the page itself asks for. */
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
export function follow(queries: QueryClient, { path, events, staleKeys }: Followed): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether something may have happened that nobody has told: the page was not seen. */
  let wasAway = false;
  const { add, stop: forget } = gather((keys) => {
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] });
  });
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => {
      isHeard = true;
      if (wasAway) void queries.invalidateQueries();
      wasAway = false;
    };
    source.onerror = () => {
      isHeard = false;
      // Refused, and not only cut: a browser tries that again by itself.
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, calm);
    };
    for (const event of events)
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
    if (document.visibilityState !== 'visible') wasAway = true;
    else if ('EventSource' in window) timer = setTimeout(open, pause);
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    stop();
  };
}
