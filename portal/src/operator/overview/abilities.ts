import type { Provider } from '../payments/data';

const names: Record<NonNullable<Provider['capabilities']>[number], string> = {
  catalogue: 'catalogue',
  look_up: 'finds orders',
  usage: 'usage',
  revoke: 'revokes',
  refund: 'refunds',
  refund_on_request: 'refunds if asked',
  esim_topup: 'data for eSIMs',
  sim_topup: 'top-ups of SIMs',
  balance: 'balance',
  webhook: 'tells news',
  list: 'lists its orders',
  price_check: 'keeps to listed prices',
};

/** `catalogue, usage`. */
export function abilitiesOf(capabilities: Provider['capabilities']): string {
  return capabilities?.map((one) => names[one]).join(', ') ?? '';
}

/** Whether less is left on our account than the operator wants. */
export function isPoor({
  balanceUsd,
  lowBalanceUsd,
}: Pick<Provider, 'balanceUsd' | 'lowBalanceUsd'>): boolean {
  return balanceUsd !== null && lowBalanceUsd !== null && balanceUsd < lowBalanceUsd;
}
