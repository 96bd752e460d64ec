import { t } from '../words';

/** What the dealer has called it, or else how much it is: the service's own label is for those who see all dealers' batches. */
export function batchName({ label, total_rows }: { label: string; total_rows: number }): string {
  return / · \d+ LPAs$/.test(label) ? t.units.codes(total_rows) : label;
}
