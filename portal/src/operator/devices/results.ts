/** Results in their order; equal ones in a row are written once: `used, error: no answer (3 times)`. */
export function gathered(results: string[]): string {
  const runs: { result: string; times: number }[] = [];
  for (const result of results) {
    const last = runs.at(-1);
    if (last?.result === result) last.times++;
    else runs.push({ result, times: 1 });
  }
  return runs.map(({ result, times }) => (times === 1 ? result : `${result} (${times} times)`)).join(', ');
}
