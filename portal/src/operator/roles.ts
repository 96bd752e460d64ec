import { useRouteContext } from '@tanstack/react-router';
import type { Operator } from './session';

export type Role = Operator['role'];

/** Whether who has one role may do what needs another. Everybody may look. */
export function suffices(has: Role, needed: Role): boolean {
  return has === needed || has === 'admin' || needed === 'viewer';
}

/** Whether who is signed in may do what needs this role. The service decides; this only leaves buttons out. */
export function useMay(needed: Role): boolean {
  const { operator } = useRouteContext({ from: '/inside' });
  return suffices(operator.role, needed);
}
