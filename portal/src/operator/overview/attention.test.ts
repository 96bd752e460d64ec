import { expect, it } from 'vitest';
import { linesOf } from './attention';

const nothing = {
  stuckOrders: 0,
  failingJobs: 0,
  refusedMails: 0,
  unmatched: 0,
  reviews: 0,
  lowPools: [],
};

it('names what waits for a person, and nothing else', () => {
  expect(linesOf(nothing)).toEqual([]);
  const pool = { pool: 'att.qr', available: 1, threshold: 20, low: true };
  expect(
    linesOf({ ...nothing, stuckOrders: 1, reviews: 2, lowPools: [pool] }).map((line) => line.text),
  ).toEqual(['1 order stuck', '2 replacements to decide about', 'Stock of att.qr is low: 1 eSIM left']);
});
