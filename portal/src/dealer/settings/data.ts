import { api, take } from '~/shared/api/client';

export const leastPassword = 8;

export function changePassword(email: string, currentPassword: string, password: string) {
  return take(api.POST('/dealer/auth/set-password', { body: { email, currentPassword, password } }));
}
