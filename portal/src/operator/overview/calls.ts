import { count } from '~/shared/text/format';
import type { Provider } from '../payments/data';

type Calls = NonNullable<Provider['calls']>;

/** How long they took: `half in 38 ms, 95% in 120 ms`; nothing while there were none. */
export function latencyOf({ medianMs, p95Ms }: Calls): string | undefined {
  if (medianMs === null || p95Ms === null) return undefined;
  return `half in ${count(medianMs)} ms, 95% in ${count(p95Ms)} ms`;
}

/** How they ended: `124 answered, 3 refused, 1 failed`. */
export function resultsOf({ answered, refused, failed }: Calls): string {
  const results = [
    `${count(answered)} answered`,
    refused > 0 && `${count(refused)} refused`,
    failed > 0 && `${count(failed)} failed`,
  ];
  return results.filter((one) => one !== false).join(', ');
}
