import type { Schemas } from '~/shared/api/client';

export const scopes = [
  'read',
  'order',
  'wallet',
  'verify',
  'manage',
] as const satisfies Schemas['KeyScope'][];
export type Scope = (typeof scopes)[number];

export interface KeyForm {
  label: string;
  scopes: Scope[];
  /** The last day, as the browser's field has it; empty for no end. */
  lastDay: string;
  networks: string;
}

/** The key that is wished for. Its last day ends where the reader lives. */
export function keyWishOf(form: KeyForm): Schemas['KeyWish'] {
  const networks = form.networks.split(/[\s,;]+/).filter(Boolean);
  return {
    label: form.label.trim(),
    scopes: form.scopes,
    expiresAt: form.lastDay ? new Date(`${form.lastDay}T23:59:59`).toISOString() : undefined,
    allowedIps: networks.length > 0 ? networks : undefined,
  };
}

const mostThresholds = 10;

/** The amounts of a text like `50 200`; undefined if there is something else in it, or too much. */
export function readThresholds(text: string): number[] | undefined {
  const amounts = text.split(/[\s;]+/).filter(Boolean);
  const isGood = (amount: string) =>
    /^\d+([.,]\d{1,2})?$/.test(amount) && Number(amount.replace(',', '.')) > 0;
  if (amounts.length === 0 || amounts.length > mostThresholds || !amounts.every(isGood)) return undefined;
  return amounts.map((amount) => Number(amount.replace(',', '.')));
}

/** The colour of an answer's status. */
export function toneOf(status: number): string {
  if (status < 400) return 'green';
  return status < 500 ? 'orange' : 'red';
}
