import { parseCsv } from '~/shared/text/csv';

export interface Day {
  /** `2026-05-01`, in UTC as the statement has it. */
  day: string;
  /** At the end of the day. */
  balance: number;
  /** What was bought on it, less what came back of that, in dollars. */
  sales: number;
}

const aDay = 86_400_000;

const cents = (dollars: string) => Math.round(Number(dollars) * 100);

/**
 * The days from `from` to `to`, from a statement of them (columns Date, Type, Amount USD, Balance after USD). Before the
 * first entry the balance is what it had been before that.
 */
export function courseOf(statement: string, from: Date, to: Date, balanceNow: number): Day[] {
  const entries = parseCsv(statement)
    .slice(1)
    .map(([date = '', type = '', amount = '', after = '']) => ({
      day: date.slice(0, 10),
      type,
      amount: cents(amount),
      after: cents(after),
    }));
  const first = entries[0];
  let balance = first ? first.after - first.amount : Math.round(balanceNow * 100);
  const days: Day[] = [];
  let next = 0;
  for (let time = Date.parse(from.toISOString().slice(0, 10)); time <= to.getTime(); time += aDay) {
    const day = new Date(time).toISOString().slice(0, 10);
    let sales = 0;
    for (; next < entries.length && entries[next]!.day <= day; next++) {
      const entry = entries[next]!;
      balance = entry.after;
      if (entry.type === 'debit' || entry.type === 'refund') sales -= entry.amount;
    }
    days.push({ day, balance: balance / 100, sales: sales / 100 });
  }
  return days;
}
