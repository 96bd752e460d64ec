import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { follow, gather } from './follow';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks once for what is told together, and soon again for what is told later', () => {
  const asked: string[][] = [];
  const { add, stop } = gather((keys) => asked.push(keys));
  add(['orders', 'order']);
  add(['orders']);
  add([]);
  vi.advanceTimersByTime(299);
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(asked).toEqual([['orders', 'order']]);
  // What changes all the time is not asked for all the time.
  add(['devices']);
  vi.advanceTimersByTime(1_499);
  expect(asked.length).toBe(1);
  vi.advanceTimersByTime(1);
  expect(asked.at(-1)).toEqual(['devices']);
  add(['devices']);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(asked.length).toBe(2);
});

it('asks again for what was asked for before anybody told the page', () => {
  const streams: Stream[] = [];
  class Stream {
    onopen?: () => void;
    close = vi.fn();
    addEventListener = vi.fn();
    constructor() {
      streams.push(this);
    }
  }
  const listeners: (() => void)[] = [];
  vi.stubGlobal('EventSource', Stream);
  vi.stubGlobal('window', { EventSource: Stream });
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
    removeEventListener: vi.fn(),
  });
  const become = (visibilityState: string) => {
    Object.assign(document, { visibilityState });
    listeners.forEach((listener) => listener());
    vi.advanceTimersByTime(2_000);
  };
  const queries = new QueryClient();
  const asked = vi.spyOn(queries, 'invalidateQueries');
  const stop = follow(queries, {
    path: '/events',
    stale: { 'orders.changed': ['orders'] },
    staleKeys: () => [],
  });
  const begin = () => {
    streams.at(-1)!.onopen!();
    vi.advanceTimersByTime(2_000);
  };
  vi.advanceTimersByTime(2_000);
  expect(asked).not.toHaveBeenCalled();
  begin();
  expect(asked.mock.calls).toEqual([[{ queryKey: ['orders'] }]]);
  // A stream that was only cut goes on where it was.
  begin();
  expect(asked).toHaveBeenCalledTimes(1);
  // A page that is not seen has none.
  become('hidden');
  expect(streams.length).toBe(1);
  become('visible');
  begin();
  expect(asked).toHaveBeenCalledTimes(2);
  stop();
  vi.unstubAllGlobals();
});
