import { expect, it } from 'vitest';
import { latencyOf, resultsOf } from './calls';

const calls = { answered: 1240, refused: 3, failed: 0, medianMs: 38, p95Ms: 1200 };

it('tells how long the calls of a provider took, where there were any', () => {
  expect(latencyOf(calls)).toBe('half in 38 ms, 95% in 1,200 ms');
  expect(latencyOf({ answered: 0, refused: 0, failed: 0, medianMs: null, p95Ms: null })).toBeUndefined();
});

it('tells how they ended, and nothing of what did not happen', () => {
  expect(resultsOf(calls)).toBe('1,240 answered, 3 refused');
  expect(resultsOf({ ...calls, refused: 0, failed: 1 })).toBe('1,240 answered, 1 failed');
});
