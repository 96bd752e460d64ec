import { words } from './words';

/** Where the language alone does not tell how dates and numbers are written. */
const variants: Record<string, { dates: string; numbers: string }> = {
  en: { dates: 'en-GB', numbers: 'en-US' },
};

function formatsOf(language: string) {
  const { dates, numbers } = variants[language] ?? { dates: language, numbers: language };
  const money = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const unit = (name: string, unitDisplay: 'short' | 'long') =>
    new Intl.NumberFormat(numbers, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: 1 });
  return {
    dollars: new Intl.NumberFormat(numbers, { ...money, minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    wholeDollars: new Intl.NumberFormat(numbers, { ...money, maximumFractionDigits: 0 }),
    compactDollars: new Intl.NumberFormat(numbers, {
      ...money,
      notation: 'compact',
      maximumFractionDigits: 2,
    }),
    counts: new Intl.NumberFormat(numbers),
    plurals: new Intl.PluralRules(numbers),
    moments: new Intl.DateTimeFormat(dates, { ...date, hour: '2-digit', minute: '2-digit' }),
    days: new Intl.DateTimeFormat(dates, date),
    utcDays: new Intl.DateTimeFormat(dates, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    utcMonths: new Intl.DateTimeFormat(dates, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
    megabytes: unit('megabyte', 'short'),
    gigabytes: unit('gigabyte', 'short'),
    units: { minute: unit('minute', 'long'), hour: unit('hour', 'long'), day: unit('day', 'long') },
  };
}

let formats = formatsOf('en');

/** From now on dates, numbers and money are written as this language does. */
export function setFormats(language: string): void {
  formats = formatsOf(language);
}

/** `$1,234.50`; what leaves has a minus sign that stands as wide as a figure. */
export function usd(amount: number): string {
  return formats.dollars.format(amount).replace('-', '−');
}

/** Like usd, with a sign in either case. */
export function signedUsd(amount: number): string {
  return amount > 0 ? `+${usd(amount)}` : usd(amount);
}

/** `$250`, for a round amount. */
export function wholeUsd(amount: number): string {
  return formats.wholeDollars.format(amount);
}

/** `$1.25K`, for the scale of a chart. */
export function shortUsd(amount: number): string {
  return formats.compactDollars.format(amount);
}

/** What stands between thousands, and before decimals, where an amount is typed. */
export function separators(): { thousandSeparator: string; decimalSeparator: string } {
  const parts = formats.dollars.formatToParts(1_234_567.89);
  const mark = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { thousandSeparator: mark('group'), decimalSeparator: mark('decimal') };
}

export function count(number: number): string {
  return formats.counts.format(number);
}

/** `1 eSIM`, `3 eSIMs`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${formats.plurals.select(number) === 'one' ? one : many}`;
}

/** `30 days`. */
export function daysLong(days: number): string {
  return formats.units.day.format(days);
}

/** In the reader's own time zone. */
export function moment(time: string | Date): string {
  return formats.moments.format(new Date(time));
}

export function day(time: string | Date): string {
  return formats.days.format(new Date(time));
}

/** `1 May`, of a day in UTC. */
export function shortUtcDay(day: string): string {
  return formats.utcDays.format(new Date(day));
}

/** `May 2026`, of a time in UTC. */
export function utcMonth(time: Date): string {
  return formats.utcMonths.format(time);
}

/** `5 GB`, `500 MB`; a dash where it is not known. */
export function data(megabytes: number | null | undefined): string {
  if (megabytes === null || megabytes === undefined) return '–';
  if (megabytes < 1000) return formats.megabytes.format(megabytes);
  return formats.gigabytes.format(megabytes % 1024 === 0 ? megabytes / 1024 : megabytes / 1000);
}

/** `under a minute`, `about 3 minutes`, `about 2 hours`. */
export function duration(seconds: number): string {
  if (seconds < 60) return words.underAMinute;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return words.about(formats.units.minute.format(minutes));
  return words.about(formats.units.hour.format(Math.round(minutes / 60)));
}

/** An ICCID in groups of four, which are easier to compare. */
export function iccidGroups(iccid: string): string {
  return iccid.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** A date as the API's filters take it. */
export function isoDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}
