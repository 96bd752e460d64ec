import { expect, it } from 'vitest';
import { when } from './when';

it('names the year of a moment only where it is another one', () => {
  const now = new Date('2026-06-15T12:00:00');
  expect(
    [when('2026-05-05T09:05:00', now), when('2025-12-31T23:59:00', now)].map((text) =>
      text.replaceAll('\u00a0', ' '),
    ),
  ).toEqual(['5 May, 09:05', '31 Dec 2025, 23:59']);
});
