export interface Certificate {
  file: string;
  /** ISO 8601. */
  endsAt: string;
}

const line = /^meisim_certificate_expiry_timestamp_seconds\{[^}]*file="((?:[^"\\]|\\.)*)"[^}]*\} (\S+)$/gm;

/** The certificates that the text of /metrics tells of, the next to end first. */
export function certificatesIn(metrics: string): Certificate[] {
  return [...metrics.matchAll(line)]
    .map(([, file, seconds]) => ({
      file: file!.replace(/\\(.)/g, '$1'),
      endsAt: new Date(1000 * Number(seconds)).toISOString(),
    }))
    .sort((one, other) => one.endsAt.localeCompare(other.endsAt));
}

/** Whole days until then; negative where it has passed. */
export function daysUntil(time: string, now = Date.now()): number {
  return Math.floor((Date.parse(time) - now) / 86_400_000);
}
