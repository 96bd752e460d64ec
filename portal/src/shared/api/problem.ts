import { words } from '../text/words';

/** Why a request failed, in kinds that pages tell apart. */
export type ProblemKind =
  | 'unreachable'
  | 'signed_out'
  | 'no_right'
  | 'no_funds'
  | 'not_found'
  | 'conflict'
  | 'too_many'
  | 'refused'
  | 'fault';

const kinds: Record<number, ProblemKind> = {
  401: 'signed_out',
  402: 'no_funds',
  403: 'no_right',
  404: 'not_found',
  409: 'conflict',
  429: 'too_many',
};

interface Details {
  kind: ProblemKind;
  message: string;
  /** What support asks for. */
  requestId?: string;
  /** Seconds after which a repeat may succeed. */
  retryAfter?: number;
  /** What the wallet holds, and what it should. */
  balance?: number;
  required?: number;
}

export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly requestId?: string;
  readonly retryAfter?: number;
  readonly balance?: number;
  readonly required?: number;

  constructor(details: Details) {
    super(details.message);
    this.kind = details.kind;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
    this.balance = details.balance;
    this.required = details.required;
  }
}

/** `maxPriceUsd must be…` as a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed) return '';
  const begun = trimmed[0]!.toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

/** What an answer that is no success says. */
export function problemOf(response: Response, body: unknown): Problem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const kind = kinds[response.status] ?? (response.status >= 500 ? 'fault' : 'refused');
  return new Problem({
    kind,
    message: typeof said.message === 'string' ? sentence(said.message) : words.notSaid,
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfter: Number(response.headers.get('retry-after')) || undefined,
    balance: number(said.balance),
    required: number(said.required),
  });
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({ kind: 'fault', message: words.pageFailed });
}
