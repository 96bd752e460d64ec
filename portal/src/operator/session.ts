import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { Problem } from '~/shared/api/problem';
import { api, take, type Told } from './api/client';

export type Operator = Told<'/admin/v1/session'>;

/** That somebody has signed in here. Without this mark, the service need not be asked who. */
const mark = 'meisim-operator-signed-in';

/** Who is signed in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Operator | null> => {
    if (!localStorage.getItem(mark)) return null;
    try {
      return await take(api.GET('/admin/v1/session'));
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'signed_out') throw error;
      localStorage.removeItem(mark);
      return null;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

/** `code` is of the second factor; empty where the account has none. */
export async function signIn(email: string, password: string, code: string): Promise<Operator> {
  await take(
    api.POST('/admin/v1/session', { body: { email, password, code: code || undefined, cookie: true } }),
  );
  localStorage.setItem(mark, 'yes');
  return take(api.GET('/admin/v1/session'));
}

/** This session stays, the others of who is signed in end. */
export function changePassword(currentPassword: string, password: string, code: string) {
  return take(
    api.POST('/admin/v1/session/password', { body: { currentPassword, password, code: code || undefined } }),
  );
}

/** Ends the other sessions of who is signed in. */
export function signOutOthers() {
  return take(api.DELETE('/admin/v1/session', { params: { query: { sessions: 'others' } } }));
}

/** Ends this session, or all. Forgets all that was shown: it is the next person's screen. */
export async function signOut(queries: QueryClient, sessions?: 'all'): Promise<void> {
  await take(api.DELETE('/admin/v1/session', { params: { query: { sessions } } })).catch((error: unknown) => {
    // It had ended before.
    if (!(error instanceof Problem) || (error.kind !== 'signed_out' && error.kind !== 'not_found'))
      throw error;
  });
  localStorage.removeItem(mark);
  queries.clear();
  queries.setQueryData(sessionQuery.queryKey, null);
}
