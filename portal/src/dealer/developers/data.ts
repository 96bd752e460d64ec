import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';

export type ApiKey = Schemas['ApiKey'];
export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type WebhookEvent = Schemas['WebhookEvent'];

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async () => (await take(api.GET('/dealer/keys'))).keys,
});

export function revokeKey(prefix: string) {
  return take(api.DELETE('/dealer/keys/{prefix}', { params: { path: { prefix } } }));
}

export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: async () => (await take(api.GET('/dealer/webhooks'))).webhooks,
});

export function addWebhook(url: string, events: Schemas['WebhookWish']['events']) {
  return take(api.POST('/dealer/webhooks', { body: { url, events } }));
}

export function setDisabled(id: string, disabled: boolean) {
  return take(api.POST('/dealer/webhooks/{id}', { params: { path: { id } }, body: { disabled } }));
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
  infiniteQueryOptions({
    queryKey: ['deliveries', id],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/dealer/webhooks/{id}/deliveries', {
          params: { path: { id }, query: { cursor: pageParam, limit: 20 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.data.some((delivery) => delivery.status === 'pending') ? 2_000 : false,
  });

export function replay(id: string, delivery: string) {
  return take(
    api.POST('/dealer/webhooks/{id}/deliveries/{delivery}/replay', { params: { path: { id, delivery } } }),
  );
}
