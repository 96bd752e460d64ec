import type { Notices, NoticesWish } from './data';

/** What the account is mailed about, as one types it. */
export interface NoticesForm extends Pick<Notices, 'language' | 'failedOrders' | 'disabledWebhooks'> {
  /** In dollars; empty for never. */
  low: string;
}

export function formOf({ language, lowBalanceUsd, failedOrders, disabledWebhooks }: Notices): NoticesForm {
  return { language, failedOrders, disabledWebhooks, low: lowBalanceUsd?.toFixed(2) ?? '' };
}

const most = 1_000_000;

/** What the form asks for; nothing as long as the balance is none. */
export function wishOf({ low, ...rest }: NoticesForm): NoticesWish | undefined {
  const typed = low.trim();
  if (typed === '') return { ...rest, lowBalanceUsd: null };
  if (!/^\d{1,7}([.,]\d{1,2})?$/.test(typed)) return undefined;
  const lowBalanceUsd = Number(typed.replace(',', '.'));
  return lowBalanceUsd > 0 && lowBalanceUsd <= most ? { ...rest, lowBalanceUsd } : undefined;
}
