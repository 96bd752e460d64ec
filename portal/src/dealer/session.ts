import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import { Problem } from '~/shared/api/problem';

export type Dealer = Schemas['PageSession']['dealer'];

/** That somebody has signed in here. Without this mark, the service need not be asked who. */
const mark = 'meisim-signed-in';

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Dealer | null> => {
    if (!localStorage.getItem(mark)) return null;
    try {
      return (await take(api.GET('/dealer/session'))).dealer;
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
  const { dealer } = await take(api.POST('/dealer/session', { body: { email, ...secret } }));
  localStorage.setItem(mark, 'yes');
  return dealer;
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
