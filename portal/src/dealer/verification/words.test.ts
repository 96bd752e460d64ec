import { expect, it } from 'vitest';
import { batchName } from './words';

it('is called what its dealer has called it, or else by how many codes it has', () => {
  expect(batchName({ label: 'Summer stock', total_rows: 31 })).toBe('Summer stock');
  expect(batchName({ label: 'Dealer Acme Inc · 31 LPAs', total_rows: 31 })).toBe('31 codes');
});
