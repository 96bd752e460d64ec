import { describe, expect, it } from 'vitest';
import { day, matches, text, utcDay } from './search';

describe('the filters of an address', () => {
  it('keep an ICCID that was read as a number, and leave out what is none', () => {
    expect([text(8944), text('x'), text(''), text({}), text(undefined)]).toEqual([
      '8944',
      'x',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('take a day only as the service does', () => {
    expect([day('2026-05-05'), day('5.5.2026'), day(20260505)]).toEqual(['2026-05-05', undefined, undefined]);
  });
});

describe('the search of a list', () => {
  it('finds in any of the texts, whatever their case', () => {
    expect([
      matches('acme', 'jo@example.com', 'ACME Ltd'),
      matches(' ', null),
      matches(undefined),
      matches('x', null, undefined, 'y'),
    ]).toEqual([true, true, true, false]);
  });
});

it('counts days in UTC', () => {
  const now = new Date('2026-03-01T23:30:00-05:00');
  expect([utcDay(0, now), utcDay(2, now)]).toEqual(['2026-03-02', '2026-02-28']);
});
