import type { Heads } from './data';

/** The heads in a file that was saved here; nothing if it is no such file. */
export function readHeads(text: string): Heads | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  const heads = (read as { heads?: unknown } | null)?.heads;
  if (!Array.isArray(heads)) return undefined;
  const isHead = (one: Record<string, unknown> | null) =>
    typeof one?.dealer === 'string' && typeof one.seq === 'number' && typeof one.chain === 'string';
  if (!heads.every(isHead)) return undefined;
  return heads.map(({ dealer, seq, chain }) => ({ dealer, seq, chain }));
}
