import type { components } from './schema.js';

/** Why a request was refused: the API's own codes; `no_answer` where none has come, `foreign_answer` where it is not the API's. */
export type ErrorCode = components['schemas']['ErrorCode'] | 'no_answer' | 'foreign_answer';

/** What the body of an error has besides, by its code. */
interface ErrorDetails {
  insufficient_funds: { balance: number; required: number };
  credit_limit_reached: { creditLimit: number; creditUsed: number; required: number };
}

/** What every error's body has. */
export interface ErrorBody {
  error: string;
  message: string;
  code: ErrorCode;
  /** The field at fault, where it is one. */
  field?: string;
  request_id?: string;
}

export type ErrorBodyOf<C extends ErrorCode> = ErrorBody & (C extends keyof ErrorDetails ? ErrorDetails[C] : unknown);

/** A request that was not answered as wished. `isDealerError(error, 'insufficient_funds')` narrows it to its code. */
export class DealerError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'DealerError';
  readonly code: C;
  /** The HTTP status; 0 where no answer has come. */
  readonly status: number;
  /** The field at fault, where it is one. */
  readonly field: string | undefined;
  /** What our support asks for. */
  readonly requestId: string | undefined;
  /** After how many seconds a repeat is safe; not known where it is missing. */
  readonly retryAfter: number | undefined;
  /** The key that the request bore. A repeat under it is done once, and answered as the first one. */
  readonly idempotencyKey: string | undefined;
  readonly body: ErrorBodyOf<C>;

  constructor(
    body: ErrorBodyOf<C>,
    of: { status: number; retryAfter?: number | undefined; idempotencyKey?: string | undefined; cause?: unknown },
  ) {
    super(body.message, of.cause === undefined ? undefined : { cause: of.cause });
    this.body = body;
    this.code = body.code as C;
    this.field = body.field;
    this.requestId = body.request_id;
    this.status = of.status;
    this.retryAfter = of.retryAfter;
    this.idempotencyKey = of.idempotencyKey;
  }
}

/** Whether this is an error of the API, and of one of these codes if any are given. */
export function isDealerError<C extends ErrorCode = ErrorCode>(error: unknown, ...codes: C[]): error is DealerError<C> {
  return error instanceof DealerError && (codes.length === 0 || (codes as ErrorCode[]).includes(error.code));
}
