import { describe, expect, it } from 'vitest';
import { problemOf, sentence } from './problem';

const answer = (status: number, headers = {}) => new Response(null, { status, headers });

describe('a refused request', () => {
  it('tells what the service said, as a sentence', () => {
    const problem = problemOf(answer(400), {
      error: 'Invalid request',
      message: 'amountUsd must be a number',
    });
    expect(problem.message).toBe('AmountUsd must be a number.');
    expect(problem.kind).toBe('refused');
  });

  it('keeps what is missing in the wallet', () => {
    const problem = problemOf(answer(402), { message: 'too little', balance: 1, required: 25 });
    expect([problem.kind, problem.balance, problem.required]).toEqual(['no_funds', 1, 25]);
  });

  it('keeps the request id and the time to wait', () => {
    const problem = problemOf(answer(429, { 'retry-after': '7', 'x-request-id': 'abc' }), undefined);
    expect([problem.kind, problem.retryAfter, problem.requestId]).toEqual(['too_many', 7, 'abc']);
  });

  it('is a fault of the service above 499', () => {
    expect(problemOf(answer(503), {}).kind).toBe('fault');
  });
});

describe('sentence', () => {
  it('ends what has no end', () => {
    expect([sentence('is it?'), sentence(' so '), sentence('')]).toEqual(['Is it?', 'So.', '']);
  });
});
