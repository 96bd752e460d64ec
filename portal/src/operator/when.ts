const format = (year?: 'numeric') =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year,
    hour: '2-digit',
    minute: '2-digit',
  });
const ofThisYear = format();
const ofAnyYear = format('numeric');

/** A moment in the reader's own time zone, on one line; the year only where it is another one. */
export function when(time: string, now = new Date()): string {
  const moment = new Date(time);
  const shape = moment.getFullYear() === now.getFullYear() ? ofThisYear : ofAnyYear;
  return shape.format(moment).replaceAll(' ', '\u00a0');
}
