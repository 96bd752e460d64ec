import { expect, it } from 'vitest';
import { kindName } from './words';

it('names a kind of work, also one that is new', () => {
  expect([kindName('fulfil'), kindName('telegram')]).toEqual(['Orders', 'telegram']);
});
