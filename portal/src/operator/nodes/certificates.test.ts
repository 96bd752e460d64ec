import { expect, it } from 'vitest';
import { certificatesIn, daysUntil } from './certificates';

const metrics = `# TYPE meisim_certificate_expiry_timestamp_seconds gauge
meisim_certificate_expiry_timestamp_seconds{file="/etc/meisim/node.pem"} 1804086896
meisim_certificate_expiry_timestamp_seconds{file="/etc/meisim/\\"ca\\".pem"} 1.796086896e+09
meisim_jobs{kind="mail"} 3
`;

it('reads what /metrics tells of certificates, the next to end first', () => {
  expect(certificatesIn(metrics)).toEqual([
    { file: '/etc/meisim/"ca".pem', endsAt: '2026-12-01T01:01:36.000Z' },
    { file: '/etc/meisim/node.pem', endsAt: '2027-03-03T15:14:56.000Z' },
  ]);
  expect(certificatesIn('')).toEqual([]);
});

it('counts the days that are left', () => {
  const now = Date.parse('2026-11-30T00:00:00Z');
  expect(daysUntil('2026-12-01T23:00:00Z', now)).toBe(1);
  expect(daysUntil('2026-11-29T23:00:00Z', now)).toBe(-1);
});
