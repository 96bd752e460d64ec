import { describe, expect, it } from 'vitest';
import { courseOf } from './course';

const head = 'Date,Type,Amount USD,Balance after USD,Description,Order ID,Stripe session\r\n';
const from = new Date('2026-05-01T10:00:00Z');
const to = new Date('2026-05-03T10:00:00Z');

describe('the course of the balance', () => {
  const statement =
    head +
    '2026-05-02T09:00:00Z,debit,-6.50,93.50,"eSIM, Japan",,\r\n' +
    '2026-05-02T10:00:00Z,refund,6.50,100.00,back,,\r\n' +
    '2026-05-02T11:00:00Z,debit,-10.10,89.90,eSIM,,\r\n';

  it('has every day, with the balance at its end and what was sold on it', () => {
    expect(courseOf(statement, from, to, 89.9)).toEqual([
      { day: '2026-05-01', balance: 100, sales: 0 },
      { day: '2026-05-02', balance: 89.9, sales: 10.1 },
      { day: '2026-05-03', balance: 89.9, sales: 0 },
    ]);
  });

  it('is flat where nothing happened', () => {
    expect(courseOf(head, from, to, 20).map((day) => day.balance)).toEqual([20, 20, 20]);
  });
});
