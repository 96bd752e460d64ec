import { useRef } from 'react';
import { newKey } from '../api/client';

/** Idempotency-Keys: a wish that is sent again is not done twice, and another one is another wish. */
export function useKeys() {
  const last = useRef({ wish: '', key: '' });
  return {
    keyOf: (wish: string): string => {
      if (last.current.wish !== wish) last.current = { wish, key: newKey() };
      return last.current.key;
    },
    /** From now on the same is wanted once more. */
    forget: () => {
      last.current = { wish: '', key: '' };
    },
  };
}
