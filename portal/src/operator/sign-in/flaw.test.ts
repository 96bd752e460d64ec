import { expect, it } from 'vitest';
import { flawOf } from './flaw';

it('tells what a sign-in lacks, one thing at a time', () => {
  expect([
    flawOf(' ', '', ''),
    flawOf('jo@example.com', '', ''),
    flawOf('jo@example.com', 'secret', '12345'),
    flawOf('jo@example.com', 'secret', ' 123456 '),
    flawOf('jo@example.com', 'secret', ''),
  ]).toEqual(['Fill in your email.', 'Fill in your password.', 'A one-time code has six digits.', '', '']);
});
