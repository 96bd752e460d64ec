import { queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';
import { allRows, cursorPages } from '~/shared/api/pages';

export type ApiKey = Schemas['ApiKey'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type ApiRequest = Schemas['ApiRequest'];
export type WebhookEvent = Schemas['WebhookEvent'];

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async () => (await take(api.GET('/dealer/keys'))).keys,
});

export function makeKey(wish: Schemas['KeyWish']) {
  return take(api.POST('/dealer/keys', { body: wish }));
}

export function revokeKey(prefix: string) {
  return take(api.DELETE('/dealer/keys/{prefix}', { params: { path: { prefix } } }));
}

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async () => (await take(api.GET('/dealer/webhooks'))).webhooks,
});

export function addWebhook(wish: Schemas['WebhookWish']) {
  return take(api.POST('/dealer/webhooks', { body: wish }));
}

export function changeWebhook(id: string, change: Schemas['WebhookChange']) {
  return take(api.POST('/dealer/webhooks/{id}', { params: { path: { id } }, body: change }));
}

export function removeWebhook(id: string) {
  return take(api.DELETE('/dealer/webhooks/{id}', { params: { path: { id } } }));
}

export function testWebhook(id: string) {
  return take(api.POST('/dealer/webhooks/{id}/test', { params: { path: { id } } }));
}

export function rotateSecret(id: string) {
  return take(api.POST('/dealer/webhooks/{id}/rotate-secret', { params: { path: { id } } }));
}

export const deliveriesQuery = (id: string) =>
  cursorPages(
    ['deliveries', id],
    (cursor) =>
      take(
        api.GET('/dealer/webhooks/{id}/deliveries', {
          params: { path: { id }, query: { cursor, limit: 20 } },
        }),
      ),
    (rows) => (rows.some((delivery) => delivery.status === 'pending') ? 2_000 : false),
  );

export function replay(id: string, delivery: string) {
  return take(
    api.POST('/dealer/webhooks/{id}/deliveries/{delivery}/replay', { params: { path: { id, delivery } } }),
  );
}

const askRequests = (isFailed: boolean, limit: number) => (cursor: string | undefined) =>
  take(
    api.GET('/dealer/requests', {
      params: { query: { failed: isFailed ? 'true' : undefined, cursor, limit } },
    }),
  );

export const requestsQuery = (isFailed: boolean) =>
  cursorPages(['requests', isFailed], askRequests(isFailed, 20));

/** For an exported file. */
export const allRequests = (isFailed: boolean) => allRows(askRequests(isFailed, 100));
