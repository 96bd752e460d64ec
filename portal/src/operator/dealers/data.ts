import { queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '../api/client';

export type Dealer = Schemas['Dealer'];

export const dealersQuery = queryOptions({
  queryKey: ['dealers'],
  queryFn: () => take(api.GET('/admin/v1/dealers')),
});

export const dealerQuery = (email: string) =>
  queryOptions({
    queryKey: ['dealer', email],
    queryFn: () => take(api.GET('/admin/v1/dealers/{email}', { params: { path: { email } } })),
  });

export function addDealer(body: {
  email: string;
  company: string;
  status: Dealer['status'];
  portal: boolean;
}) {
  return take(api.POST('/admin/v1/dealers', { body }));
}

/** Of a suspension, operators read the reason; the dealer does not. */
export function setStatus(email: string, status: Dealer['status'], reason?: string) {
  return take(
    api.POST('/admin/v1/dealers/{email}/status', { params: { path: { email } }, body: { status, reason } }),
  );
}

/** What is not named stays as it is. */
export function changeDealer(
  dealer: string,
  body: {
    email?: string;
    company?: string;
    markup_basis_points?: number;
    resend_fee_cents?: number;
    portal?: boolean;
    /** `5000.00`, or `none`. */
    credit_limit?: string;
  },
) {
  return take(api.POST('/admin/v1/dealers/{dealer}/settings', { params: { path: { dealer } }, body }));
}

export async function issueKey(email: string): Promise<string> {
  return (await take(api.POST('/admin/v1/dealers/{email}/keys', { params: { path: { email } } }))).apiKey;
}

export function setPassword(email: string, password: string) {
  return take(
    api.POST('/admin/v1/dealers/{email}/password', { params: { path: { email } }, body: { password } }),
  );
}

export function adjust(email: string, amount: string, reason: string, key: string) {
  return take(
    api.POST('/admin/v1/dealers/{email}/adjustments', {
      params: { path: { email }, header: { 'Idempotency-Key': key } },
      body: { amount, reason },
    }),
  );
}

/** Books what was paid outside for orders on account. */
export function settleCredit(email: string, amount: string, reason: string, key: string) {
  return take(
    api.POST('/admin/v1/dealers/{email}/settlements', {
      params: { path: { email }, header: { 'Idempotency-Key': key } },
      body: { amount, reason },
    }),
  );
}

export function eraseCustomer(email: string) {
  return take(api.POST('/admin/v1/customers/erase', { body: { email } }));
}

/** The address at which the dealer's pages can be looked at, for a minute. */
export async function viewPages(email: string, reason: string): Promise<string> {
  return (
    await take(api.POST('/admin/v1/dealers/{email}/view', { params: { path: { email } }, body: { reason } }))
  ).url;
}
