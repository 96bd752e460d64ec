import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { stale } from './follow';

it('hears every topic that the service tells of', () => {
  const header = readFileSync(new URL('../../../../protocols/operators/topics.hpp', import.meta.url), 'utf8');
  const topics = [...header.matchAll(/"([a-z]+\.[a-z]+)"/g)].map(([, topic]) => topic!);
  expect(topics.length).toBeGreaterThan(5);
  expect(Object.keys(stale).sort()).toEqual(topics.sort());
});

it('makes nothing stale that no page asks for', () => {
  const files = import.meta.glob('../*/data.ts', { query: '?raw', import: 'default', eager: true });
  const texts = Object.values(files).join('\n');
  for (const key of new Set(Object.values(stale).flat())) expect(texts, key).toContain(`queryKey: ['${key}'`);
});
