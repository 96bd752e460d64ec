import { expect, it } from 'vitest';
import { gathered, lastReason, verdictOf } from './results';

it('tells results that come behind one another once, and how often', () => {
  expect(gathered(['used', 'error: no answer', 'error: no answer', 'used'])).toBe(
    'used, error: no answer (2 times), used',
  );
  expect(gathered([])).toBe('');
});

it('are told in a word each, and why the latest was not plain', () => {
  const results = ['error: no answer', 'used: never issued', 'available'];
  expect(results.map(verdictOf)).toEqual(['error', 'used', 'available']);
  expect([lastReason(results), lastReason(['available'])]).toEqual(['used: never issued', undefined]);
});
