import { expect, it } from 'vitest';
import { readHeads } from './heads';

it('takes the heads of a file that was saved here, and no other file', () => {
  const head = { dealer: 'a', seq: 3, chain: 'ff' };
  expect(readHeads(JSON.stringify({ heads: [{ ...head, more: 1 }] }))).toEqual([head]);
  expect(
    ['', '[]', 'null', '{"heads":{}}', '{"heads":[null]}', '{"heads":[{"dealer":1}]}'].map(readHeads),
  ).toEqual(Array(6).fill(undefined));
});
