import { describe, expect, it } from 'vitest';
import { data, duration, iccidGroups, plural, signedUsd, usd } from './format';

describe('money', () => {
  it('has two decimals and a real minus sign', () => {
    expect([usd(1234.5), usd(-6.5), usd(0)]).toEqual(['$1,234.50', '−$6.50', '$0.00']);
  });

  it('shows the sign of what comes in where both happen', () => {
    expect([signedUsd(100), signedUsd(-1)]).toEqual(['+$100.00', '−$1.00']);
  });
});

describe('words for numbers', () => {
  it('names data as people do', () => {
    expect([data(500), data(1024), data(5000), data(1500), data(null)]).toEqual([
      '500 MB',
      '1 GB',
      '5 GB',
      '1.5 GB',
      '–',
    ]);
  });

  it('rounds how long something takes', () => {
    expect([duration(4), duration(61), duration(170), duration(7200)]).toEqual([
      'under a minute',
      'about 1 minute',
      'about 3 minutes',
      'about 2 hours',
    ]);
  });

  it('knows one from many', () => {
    expect([plural(1, 'row'), plural(1200, 'row')]).toEqual(['1 row', '1,200 rows']);
  });

  it('groups an ICCID', () => {
    expect(iccidGroups('8944500312345678901')).toBe('8944 5003 1234 5678 901');
  });
});
