import { describe, expect, it } from 'vitest';
import { availableOf, installableAt, type Sku } from './data';

describe('what can be bought', () => {
  const sku = { carrier: 'att', plan_type: 'qr' } as Sku;

  it('is counted by carrier and plan', () => {
    expect(availableOf(sku, { 'att.qr.available': 12, 'att.qr.sold': 3 })).toBe(12);
  });

  it('is nothing where there is no such pool', () => {
    expect(availableOf(sku, {})).toBe(0);
  });
});

describe('an eSIM', () => {
  const check = (
    iccid: string,
    decision: 'install_again' | 'pending' | 'replaced',
    requested_at: string,
  ) => ({
    iccid,
    decision,
    requested_at,
  });

  it('can be installed as far as the newest look at it tells', () => {
    const found = installableAt([
      check('1', 'install_again', '2026-05-03'),
      check('2', 'replaced', '2026-05-02'),
      check('1', 'install_again', '2026-05-01'),
      check('2', 'install_again', '2026-05-01'),
    ]);
    expect([...found]).toEqual([['1', '2026-05-03']]);
  });
});
