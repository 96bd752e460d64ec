import { describe, expect, it } from 'vitest';
import { suffices, type Role } from './roles';

const roles: Role[] = ['viewer', 'support', 'finance', 'admin'];
const open = (has: Role) => roles.filter((needed) => suffices(has, needed));

describe('a role', () => {
  it('opens what it is there for, and what everybody may see', () => {
    expect(roles.map(open)).toEqual([
      ['viewer'],
      ['viewer', 'support'],
      ['viewer', 'finance'],
      ['viewer', 'support', 'finance', 'admin'],
    ]);
  });
});
