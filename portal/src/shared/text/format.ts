const dollars = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const counts = new Intl.NumberFormat('en-US');
const moments = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** `$1,234.50`; what leaves has a minus sign that stands as wide as a figure. */
export function usd(amount: number): string {
  return dollars.format(amount).replace('-', '−');
}

/** Like usd, with a sign in either case. */
export function signedUsd(amount: number): string {
  return amount > 0 ? `+${usd(amount)}` : usd(amount);
}

export function count(number: number): string {
  return counts.format(number);
}

/** `1 eSIM`, `3 eSIMs`. */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** In the reader's own time zone. */
export function moment(time: string | Date): string {
  return moments.format(new Date(time));
}

export function day(time: string | Date): string {
  return days.format(new Date(time));
}

/** `5 GB`, `500 MB`; a dash where it is not known. */
export function data(megabytes: number | null | undefined): string {
  if (megabytes === null || megabytes === undefined) return '–';
  if (megabytes < 1000) return `${megabytes} MB`;
  const gigabytes = megabytes % 1024 === 0 ? megabytes / 1024 : megabytes / 1000;
  return `${Number(gigabytes.toFixed(1))} GB`;
}

/** `under a minute`, `about 3 minutes`, `about 2 hours`. */
export function duration(seconds: number): string {
  if (seconds < 60) return 'under a minute';
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${plural(minutes, 'minute')}`;
  return `about ${plural(Math.round(minutes / 60), 'hour')}`;
}

/** An ICCID in groups of four, which are easier to compare. */
export function iccidGroups(iccid: string): string {
  return iccid.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** A date as the API's filters take it. */
export function isoDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}
