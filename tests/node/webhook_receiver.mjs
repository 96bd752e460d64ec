// A receiver of webhooks for the tests, which checks signatures with the package standardwebhooks. Started with a folder and
// a port (0 for any). Each call becomes a file <number>.json in the folder. The secret is read from the folder's file
// `secret`. The path tells what it does: /slow never answers, /redirect points to /moved, /failing answers 500 the first
// two times, /gone answers 410, /big answers with megabytes; any other is well.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const [folder, port] = process.argv.slice(2);
let number = 0;
let failures = 0;

// The package must accept the message as it is, and nothing that differs from it.
function isGenuine(body, headers) {
  if (!existsSync(`${folder}/secret`)) return false;
  const webhook = new Webhook(readFileSync(`${folder}/secret`, 'utf8').trim());
  const refuses = (text, changed) => {
    try {
      webhook.verify(text, { ...headers, ...changed });
      return false;
    } catch {
      return true;
    }
  };
  return (
    !refuses(body, {}) &&
    refuses(`${body} `, {}) &&
    refuses(body, { 'webhook-id': 'msg_other' }) &&
    refuses(body, { 'webhook-timestamp': `${Number(headers['webhook-timestamp']) - 1}` })
  );
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    const record = {
      path: request.url,
      method: request.method,
      id: request.headers['webhook-id'] ?? '',
      type: request.headers['content-type'] ?? '',
      trace: request.headers.traceparent ?? '',
      genuine: isGenuine(body, request.headers),
      body: body === '' ? null : JSON.parse(body),
    };
    const name = `${folder}/${++number}.json`;
    writeFileSync(`${name}.part`, JSON.stringify(record));
    renameSync(`${name}.part`, name);
    if (request.url === '/slow') return;
    if (request.url === '/redirect') response.writeHead(302, { location: '/moved' }).end();
    else if (request.url === '/failing' && ++failures <= 2) response.writeHead(500).end();
    else if (request.url === '/gone') response.writeHead(410).end();
    else if (request.url === '/big') response.end('x'.repeat(20_000_000));
    else response.end('well');
  });
});
server.listen(Number(port), '127.0.0.1', () => console.log(`webhook receiver ready ${server.address().port}`));
process.stdin.resume().on('end', () => process.exit(0));
