import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import { Problem } from '~/shared/api/problem';

type Session = Schemas['PageSession'];

/** Who is signed in; and the operator who looks at the account, if one does. */
export type Dealer = Session['dealer'] & Pick<Session, 'viewer' | 'sandbox'>;

const dealerOf = ({ dealer, viewer, sandbox }: Session): Dealer => ({ ...dealer, viewer, sandbox });

/** That somebody has signed in here. Without this mark, the service need not be asked who. */
const mark = 'meisim-signed-in';

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Dealer | null> => {
    if (!localStorage.getItem(mark)) return null;
    try {
      return dealerOf(await take(api.GET('/dealer/session')));
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'signed_out') throw error;
      localStorage.removeItem(mark);
      return null;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

export async function signIn(email: string, secret: { password?: string; code?: string }): Promise<Dealer> {
  const opened = await take(api.POST('/dealer/session', { body: { email, ...secret } }));
  localStorage.setItem(mark, 'yes');
  return dealerOf(opened);
}

/** Changes an operator's pass for a look at a dealer's pages. What another account had been shown is forgotten. */
export async function beginView(queries: QueryClient, pass: string): Promise<void> {
  await take(api.POST('/dealer/session/view', { body: { pass } }));
  localStorage.setItem(mark, 'yes');
  queries.clear();
}

/** Forgets all that was shown: it is the next person's screen. */
export async function signOut(queries: QueryClient): Promise<void> {
  await take(api.DELETE('/dealer/session')).catch((error: unknown) => {
    // It had ended before.
    if (!(error instanceof Problem) || error.kind !== 'signed_out') throw error;
  });
  localStorage.removeItem(mark);
  queries.clear();
  queries.setQueryData(sessionQuery.queryKey, null);
}
