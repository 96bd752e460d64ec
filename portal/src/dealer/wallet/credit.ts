import { usd } from '~/shared/text/format';

import { t } from '../words';

/** What may still be ordered on account. After a limit was lowered, more may be used than that. */
export function creditNote(used: number, limit: number): string {
  const left = Math.max(limit - used, 0);
  return left > 0 ? t.wallet.creditLeft(usd(left), usd(limit)) : t.wallet.creditReached(usd(limit));
}
