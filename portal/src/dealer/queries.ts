import type { QueryClient } from '@tanstack/react-query';
import { makeQueriesOf } from '~/shared/api/queries';
import { sessionQuery } from './session';

export function makeQueries(onSignedOut: () => void): QueryClient {
  return makeQueriesOf(sessionQuery.queryKey, onSignedOut);
}
