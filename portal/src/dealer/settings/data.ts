import { queryOptions } from '@tanstack/react-query';
import { api, take, type Schemas } from '~/shared/api/client';

export type SignInSession = Schemas['SignInSession'];
export type Brand = Schemas['Brand'];
export type Notices = Schemas['Notices'];
export type NoticesWish = Schemas['NoticesWish'];

export const leastPassword = 8;

export function changePassword(email: string, currentPassword: string, password: string) {
  return take(api.POST('/dealer/auth/set-password', { body: { email, currentPassword, password } }));
}

export function beginFactor(currentPassword: string) {
  return take(api.POST('/dealer/auth/second-factor', { body: { currentPassword } }));
}

export function confirmFactor(code: string) {
  return take(api.POST('/dealer/auth/second-factor/confirm', { body: { code } }));
}

export function endFactor(code: string) {
  return take(api.POST('/dealer/auth/second-factor/remove', { body: { code } }));
}

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: () => take(api.GET('/dealer/sessions')),
});

export function endSession(id: string) {
  return take(api.DELETE('/dealer/sessions/{id}', { params: { path: { id } } }));
}

/** Ends all sessions but the one that asks, which has to go last. */
export async function endOtherSessions(): Promise<void> {
  const { sessions } = await take(api.GET('/dealer/sessions'));
  for (const one of sessions) if (!one.current) await endSession(one.id);
}

export const brandQuery = queryOptions({
  queryKey: ['brand'],
  queryFn: () => take(api.GET('/dealer/brand')),
});

export function saveBrand(wish: Schemas['BrandWish']) {
  return take(api.POST('/dealer/brand', { body: wish }));
}

export function removeBrand() {
  return take(api.DELETE('/dealer/brand'));
}

export const noticesQuery = queryOptions({
  queryKey: ['notices'],
  queryFn: () => take(api.GET('/dealer/notices')),
});

export function saveNotices(wish: NoticesWish) {
  return take(api.POST('/dealer/notices', { body: wish }));
}
