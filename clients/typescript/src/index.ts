export { Dealer } from './dealer.js';
export { DealerError, isDealerError, type ErrorBody, type ErrorCode } from './errors.js';
export type { Settings } from './transport.js';
export type { AnswerOf, CallOptions, OperationOf, PathOf, WebhookEvent, Wish } from './types.js';
export { verifyWebhook, WebhookError, type HeadersLike } from './webhooks.js';
export type { components, paths } from './schema.js';
