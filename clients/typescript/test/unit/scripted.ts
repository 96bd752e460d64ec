import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Dealer, type Settings } from '@meisim/dealer';

/** What a server saw of a request. */
export interface Seen {
  line: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = (response: ServerResponse) => void;

/** An answer as the service gives it. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A refusal as the service gives it. */
export function refusal(status: number, code: string, headers: Record<string, string> = {}, more: object = {}): Answer {
  return json(status, { error: 'Refused', message: `because of ${code}`, code, request_id: 'request-1', ...more }, headers);
}

/** The connection ends without an answer. */
export const hangUp: Answer = (response) => response.destroy();

/** Runs `test` with a client of a server that gives these answers, one a request; tells what it saw and how the client waited. */
export async function scripted(
  answers: Answer[],
  test: (dealer: Dealer, seen: Seen[], pauses: number[]) => Promise<void>,
  settings: Settings = {},
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    const answer = answers.shift();
    if (answer === undefined) throw new Error(`there is no answer to ${request.url}`);
    answer(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  try {
    await test(new Dealer({ key: 'dk_test', baseUrl, sleep, ...settings }), seen, pauses);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
