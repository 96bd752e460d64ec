import { describe, expect, it } from 'vitest';
import { keyWishOf, readThresholds } from './wishes';

describe('the wish for a key', () => {
  const form = { label: ' web shop ', scopes: ['read' as const], lastDay: '', networks: '' };

  it('names no end and no networks where none are meant', () => {
    expect(keyWishOf(form)).toEqual({ label: 'web shop', scopes: ['read'] });
  });

  it('takes networks one a line or apart by commas', () => {
    expect(keyWishOf({ ...form, networks: '192.0.2.7\n 10.0.0.0/8,2001:db8::/32' }).allowedIps).toEqual([
      '192.0.2.7',
      '10.0.0.0/8',
      '2001:db8::/32',
    ]);
  });

  it('lets the key live through its last day', () => {
    const end = new Date(keyWishOf({ ...form, lastDay: '2027-01-31' }).expiresAt!);
    expect([end.getDate(), end.getHours(), end.getMinutes()]).toEqual([31, 23, 59]);
  });
});

describe('thresholds', () => {
  it('are amounts apart by blanks, with either mark before the cents', () => {
    expect(readThresholds(' 50 200,50 1000.5 ')).toEqual([50, 200.5, 1000.5]);
  });

  it('are one to ten, above nothing, and nothing else', () => {
    for (const text of ['', '0', 'a lot', '-5', '1.234', Array.from({ length: 11 }, () => '5').join(' ')])
      expect(readThresholds(text)).toBeUndefined();
  });
});
