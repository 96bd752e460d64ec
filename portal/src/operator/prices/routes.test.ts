import { expect, it } from 'vitest';
import { pinnedOf } from './routes';

it('names what a pin is for', () => {
  expect(pinnedOf({ product: 'p3:jp-5gb', dealer: 'jo@example.com' })).toBe('p3:jp-5gb, for jo@example.com');
  expect(pinnedOf({ product: null, dealer: 'jo@example.com' })).toBe('everything, for jo@example.com');
  expect(pinnedOf({ product: 'p3:jp-5gb', dealer: null })).toBe('p3:jp-5gb');
});
