import { describe, expect, it } from 'vitest';
import { readIccids, readStock } from './import-file';
import { poolsOf } from './pools';

const good = '8944500312345678901,LPA:1$smdp.example.com$CODE-1';

describe('a file of stock', () => {
  it('is read with and without a head, whatever ends its lines and stands between its columns', () => {
    for (const text of [
      `iccid,lpa\n${good}\n`,
      `${good}\r\n`,
      `\uFEFFICCID;LPA\r${good.replace(',', ';')}\r\r`,
      good.replace(',', '\t'),
    ])
      expect(readStock(text).lines.map(({ iccid, lpa }) => [iccid, lpa])).toEqual([
        ['8944500312345678901', 'LPA:1$smdp.example.com$CODE-1'],
      ]);
  });

  it('tells which lines will be refused, by their number in the file', () => {
    const text = `iccid,lpa\n${good}\n\n123,LPA:1$a$b\n8944500312345678902,nothing\nonly-one\n${good}\n`;
    const { lines, flaws } = readStock(text);
    expect(lines.map((one) => one.line)).toEqual([2]);
    expect(flaws.map((one) => one.line)).toEqual([4, 5, 6, 7]);
    expect(flaws[3]!.reason).toBe('is there already, in line 2');
  });

  it('may be empty', () => {
    expect(readStock('')).toEqual({ lines: [], flaws: [] });
  });
});

it('takes ICCIDs as one pastes them, each once', () => {
  expect(readIccids(' 891\n892, 893;891 ')).toEqual(['891', '892', '893']);
});

describe('pools', () => {
  const lot = (pool: string, available: number, sold: number) => ({
    lot: null,
    pool,
    cost_usd: null,
    imported: available + sold,
    available,
    sold,
    burned: 0,
    withdrawn: 0,
    quarantined: 0,
    imported_at: '2026-05-05T12:34:56Z',
    oldest_available_at: null,
    reason: null,
  });

  const level = (pool: string, available: number, threshold: number) => ({
    pool,
    available,
    threshold,
    low: available < threshold,
  });

  it('are their deliveries together, each low by its own measure, the emptiest first', () => {
    const levels = [level('att.qr', 80, 100), level('tmo.qr', 3, 2)];
    const lots = [lot('att.qr', 40, 2), lot('tmo.qr', 3, 0), lot('att.qr', 40, 1)];
    expect(poolsOf(levels, lots).map((one) => [one.pool, one.available, one.sold, one.low])).toEqual([
      ['tmo.qr', 3, 0, false],
      ['att.qr', 80, 3, true],
    ]);
  });

  it('do not count a delivery that came since they were counted', () => {
    expect(poolsOf([], [lot('new.qr', 5, 0)])).toEqual([]);
  });
});
