import { describe, expect, it } from 'vitest';
import { balanceAfter, needsSecondLook, readBasisPoints, readCents, readLimit, writeCents } from './money';

describe('an amount as one types it', () => {
  it('is whole cents, whatever its form', () => {
    expect(['25', '25.5', '+25.50', '-2.50', '−2.50', ' $1,000.01 ', '0.1'].map(readCents)).toEqual([
      2500, 2550, 2550, -250, -250, 100_001, 10,
    ]);
  });

  it('is none where it could be read in two ways, or is nothing', () => {
    expect(['', '0', '0.00', '1.234', '1e3', '1,5', 'ten', '--1', '.5', '9999999999'].map(readCents)).toEqual(
      [
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
      ],
    );
  });

  it('is written as the service takes it', () => {
    expect([2500, -250, 5, -100_001].map(writeCents)).toEqual(['25.00', '-2.50', '0.05', '-1000.01']);
  });
});

describe('a change of a wallet', () => {
  it('is looked at twice above what the service says, in either direction', () => {
    const above1000 = (cents: number) => needsSecondLook(cents, 1000);
    expect([100_000, 100_001, -100_001, -100_000].map(above1000)).toEqual([false, true, true, false]);
    expect(needsSecondLook(58, 0.57)).toBe(true);
  });

  it('ends at a balance to the cent', () => {
    expect([balanceAfter(0.1, 20), balanceAfter(1000, -100_001)]).toEqual([0.3, -0.01]);
  });
});

it('reads per cent as basis points', () => {
  expect(['12.5', '0', '1000', '1000.01', '-1', 'x'].map(readBasisPoints)).toEqual([
    1250,
    0,
    100_000,
    undefined,
    undefined,
    undefined,
  ]);
});

it('reads a limit, which may be none, and may be nothing at all', () => {
  expect(['', '5000', '0', '-1', 'much'].map(readLimit)).toEqual([
    'none',
    '5000.00',
    '0.00',
    undefined,
    undefined,
  ]);
});
