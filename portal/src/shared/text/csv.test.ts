import { describe, expect, it } from 'vitest';
import { parseCsv, toCsv } from './csv';

describe('toCsv', () => {
  it('quotes what has to be quoted', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          ['x,y', 'say "hi"'],
          [null, 4.5],
        ],
      ),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n,4.5\r\n');
  });

  it('makes a formula harmless', () => {
    expect(toCsv(['a'], [['=1+1'], ['-2'], ['@x']])).toBe("a\r\n'=1+1\r\n'-2\r\n'@x\r\n");
  });
});

describe('parseCsv', () => {
  it('reads back what toCsv writes', () => {
    const rows = [
      ['x,y', 'say "hi"'],
      ['two\nlines', ''],
    ];
    expect(parseCsv(toCsv(['a', 'b'], rows))).toEqual([['a', 'b'], ...rows]);
  });

  it('takes a last line without an end', () => {
    expect(parseCsv('a,b\n1,')).toEqual([
      ['a', 'b'],
      ['1', ''],
    ]);
  });
});
