/** `-2.50` as cents; nothing for what is no amount, and for nothing at all. */
export function readCents(typed: string): number | undefined {
  const found = /^([+-]?)\$?(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,2}))?$/.exec(
    typed.trim().replace('−', '-'),
  );
  if (!found) return undefined;
  const cents = Number(found[2]!.replaceAll(',', '')) * 100 + Number((found[3] ?? '').padEnd(2, '0'));
  if (cents === 0) return undefined;
  return found[1] === '-' ? -cents : cents;
}

/** The same, where nothing at all is an amount too. */
export function readCentsOrZero(typed: string): number | undefined {
  return /^0+(\.0{1,2})?$/.test(typed.trim()) ? 0 : readCents(typed);
}

/** A limit as the service takes it: `5000.00`, or `none` where nothing was typed. */
export function readLimit(typed: string): string | undefined {
  if (typed.trim() === '') return 'none';
  const cents = readCentsOrZero(typed);
  return cents !== undefined && cents >= 0 ? writeCents(cents) : undefined;
}

/** As the service takes it: `-2.50`. */
export function writeCents(cents: number): string {
  const whole = Math.abs(cents);
  return `${cents < 0 ? '-' : ''}${Math.floor(whole / 100)}.${String(whole % 100).padStart(2, '0')}`;
}

/** A change of a wallet is looked at twice above a sum, which the service says. */
export function needsSecondLook(cents: number, aboveUsd: number): boolean {
  return Math.abs(cents) > Math.round(aboveUsd * 100);
}

/** A balance after a change, to the cent. */
export function balanceAfter(balanceUsd: number, cents: number): number {
  return (Math.round(balanceUsd * 100) + cents) / 100;
}

/** `12.5` per cent as basis points; nothing for what is none, or is out of bounds. */
export function readBasisPoints(typed: string): number | undefined {
  const cents = readCentsOrZero(typed);
  return cents !== undefined && cents >= 0 && cents <= 100_000 ? cents : undefined;
}
