import { usd } from '~/shared/text/format';

/** What may still be ordered on account. After a limit was lowered, more may be used than that. */
export function creditNote(used: number, limit: number): string {
  const left = Math.max(limit - used, 0);
  return left > 0
    ? `${usd(left)} more can be ordered. Your limit is ${usd(limit)}.`
    : `Your limit of ${usd(limit)} is reached: orders on account are refused until you have paid some of them.`;
}
