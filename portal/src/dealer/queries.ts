import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from '~/shared/api/problem';
import { sessionQuery } from './session';

const attempts = 2;

/** Asks again only where that can help: nobody answered, or the service was away. */
function isWorthRepeating(failures: number, error: unknown): boolean {
  return (
    failures < attempts &&
    error instanceof Problem &&
    (error.kind === 'unreachable' || error.kind === 'fault')
  );
}

export function makeQueries(onSignedOut: () => void): QueryClient {
  const queries = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (!(error instanceof Problem) || error.kind !== 'signed_out') return;
        queries.setQueryData(sessionQuery.queryKey, null);
        onSignedOut();
      },
    }),
    defaultOptions: { queries: { retry: isWorthRepeating, staleTime: 15_000, refetchOnWindowFocus: true } },
  });
  return queries;
}
