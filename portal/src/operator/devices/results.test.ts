import { expect, it } from 'vitest';
import { gathered } from './results';

it('tells results that come behind one another once, and how often', () => {
  expect(gathered(['used', 'error: no answer', 'error: no answer', 'used'])).toBe(
    'used, error: no answer (2 times), used',
  );
  expect(gathered([])).toBe('');
});
