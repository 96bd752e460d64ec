import { describe, expect, it } from 'vitest';
import { changesOf } from './changes';
import { auditFilters } from './filters';

describe('what was changed', () => {
  it('is each field that is other than before', () => {
    expect(
      changesOf(
        { status: 'approved', portal: true, limit: 5 },
        { status: 'suspended', portal: true, limit: null },
      ),
    ).toEqual([
      { field: 'status', before: 'approved', after: 'suspended' },
      { field: 'limit', before: '5', after: undefined },
    ]);
  });

  it('is nothing where nothing was said, and all where there was nothing before', () => {
    expect(changesOf(null, null)).toEqual([]);
    expect(changesOf(null, { prefix: 'dk_1', networks: [] })).toEqual([
      { field: 'prefix', before: undefined, after: 'dk_1' },
      { field: 'networks', before: undefined, after: '[]' },
    ]);
  });
});

it('takes its filters from the address', () => {
  expect(auditFilters({ actor: 'automation', since: 'yesterday', x: 1 })).toEqual({ actor: 'automation' });
});
