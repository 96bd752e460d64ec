/** Results in their order; equal ones in a row are written once: `used, error (3 times)`. */
export function gathered(results: string[]): string {
  const runs: { result: string; times: number }[] = [];
  for (const result of results) {
    const last = runs.at(-1);
    if (last?.result === result) last.times++;
    else runs.push({ result, times: 1 });
  }
  return runs.map(({ result, times }) => (times === 1 ? result : `${result} (${times} times)`)).join(', ');
}

/** `error` of `error: no answer`. */
export function verdictOf(result: string): string {
  return result.split(':', 1)[0]!;
}

/** The reason of the latest one that has any, with its verdict: `error: no answer`. */
export function lastReason(results: string[]): string | undefined {
  return results.findLast((result) => result.includes(':'));
}
