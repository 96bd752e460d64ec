/** A text in the page's address; a number there was one as it was typed. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;
}

/** A UTC day like 2026-05-05. */
export function day(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}

/** Whether some text of a row has what is sought, whatever its case. */
export function matches(sought: string | undefined, ...texts: (string | null | undefined)[]): boolean {
  const wanted = sought?.trim().toLowerCase();
  return !wanted || texts.some((one) => one?.toLowerCase().includes(wanted));
}

/** Today in UTC, and so many days before it. */
export function utcDay(daysBefore = 0, now = new Date()): string {
  return new Date(now.getTime() - daysBefore * 86_400_000).toISOString().slice(0, 10);
}
