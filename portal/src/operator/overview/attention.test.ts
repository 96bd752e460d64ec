import { expect, it } from 'vitest';
import { linesOf } from './attention';

const nothing = {
  stuckOrders: 0,
  providers: [{ prefix: 'p5', held: null, waiting: 3 }],
  failingJobs: 0,
  refusedMails: 0,
  unmatched: 0,
  reviews: 0,
  lowPools: [],
};

it('names what waits for a person, and nothing else', () => {
  expect(linesOf(nothing)).toEqual([]);
  const pool = { pool: 'att.qr', available: 1, threshold: 20, low: true };
  const providers = [{ prefix: 'p3', held: 'They are slow', waiting: 1 }];
  expect(
    linesOf({ ...nothing, stuckOrders: 1, providers, reviews: 2, lowPools: [pool] }).map(({ text }) => text),
  ).toEqual([
    '1 order stuck',
    'p3 is held: 1 order waits',
    '2 replacements to decide about',
    'Stock of att.qr is low: 1 eSIM left',
  ]);
});
