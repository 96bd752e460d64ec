import { QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query';
import { Problem } from './problem';

const attempts = 2;

/** Asks again only where that can help: nobody answered, or the service was away. */
function isWorthRepeating(failures: number, error: unknown): boolean {
  return (
    failures < attempts &&
    error instanceof Problem &&
    (error.kind === 'unreachable' || error.kind === 'fault')
  );
}

/** What was asked for. A session that has ended is forgotten under its key, and told. */
export function makeQueriesOf(sessionKey: QueryKey, onSignedOut: () => void): QueryClient {
  const queries = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (!(error instanceof Problem) || error.kind !== 'signed_out') return;
        queries.setQueryData(sessionKey, null);
        onSignedOut();
      },
    }),
    defaultOptions: { queries: { retry: isWorthRepeating, staleTime: 15_000, refetchOnWindowFocus: true } },
  });
  return queries;
}
