import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { gather } from './follow';

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
