// Holds what the API tests were answered against the API's document. To be started with the document's file, and the
// names of all tests that write answers down, which stand in $MEISIM_TEST_WORK/answers, or in the folder beside it that
// $MEISIM_ANSWERS names, one a line; so do the messages that went to webhooks. Fails on a path, status, field, header or event that the document does not know, and if
// there is nothing to check. When all of them have run, each operation must have succeeded, and each event have been
// sent, at least once. With MEISIM_ALL_TESTS, all of them must have run.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [file, ...tests] = process.argv.slice(2);
const api = JSON.parse(readFileSync(file, 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true, multipleOfPrecision: 6 });
addFormats(ajv);
ajv.addFormat('decimal', true);
ajv.addSchema({ $id: 'api', ...api });

// What every answer over HTTP may have beside what is documented.
const plainHeaders = new Set(['cache-control', 'connection', 'content-length', 'content-type', 'date', 'referrer-policy',
  'strict-transport-security', 'transfer-encoding', 'x-content-type-options']);
// What the edge answers before it knows which endpoint is meant.
const edgeStatuses = new Set(['400', '408', '413', '414', '431', '500', '503']);

const escaped = (part) => part.replace(/~/g, '~0').replace(/\//g, '~1');

function follow(value, pointer) {
  if (!value?.$ref) return { value, pointer };
  const target = value.$ref.slice(1);
  const read = target.slice(1).split('/').reduce((at, part) => at[part.replace(/~1/g, '/').replace(/~0/g, '~')], api);
  return follow(read, target);
}

const validators = new Map();
function validator(pointer) {
  if (!validators.has(pointer)) validators.set(pointer, ajv.compile({ $ref: `api#${encodeURI(pointer)}` }));
  return validators.get(pointer);
}

const paths = Object.keys(api.paths).map((path) => ({
  path,
  expression: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
})).sort((a, b) => a.path.split('{').length - b.path.split('{').length);

function complain(pointer, value) {
  const validate = validator(pointer);
  return validate(value) ? [] : validate.errors.map((e) => `${e.instancePath || 'the body'} ${e.message} ${JSON.stringify(e.params)}`);
}

function headerFaults(answer, response, pointer) {
  const faults = [];
  const known = Object.entries(response.headers ?? {}).map(([name, raw]) => [name.toLowerCase(), follow(raw, `${pointer}/headers/${escaped(name)}`)]);
  for (const [name, { value, pointer: at }] of known) {
    const text = answer.headers[name];
    if (text === undefined && value.required) faults.push(`the header ${name} is missing`);
    if (text === undefined) continue;
    const read = value.schema.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
    faults.push(...complain(`${at}/schema`, read).map((fault) => `header ${name}: ${fault}`));
  }
  const names = new Set(known.map(([name]) => name));
  for (const name of Object.keys(answer.headers))
    if (!names.has(name) && !plainHeaders.has(name)) faults.push(`the header ${name} is not documented`);
  return faults;
}

function bodyFaults(answer, response, pointer) {
  const type = (answer.headers['content-type'] ?? '').split(';')[0];
  if (answer.method === 'HEAD') return answer.body === '' ? [] : ['an answer to HEAD has a body'];
  if (!response.content) return answer.body === '' ? [] : ['no body is documented'];
  if (!response.content[type]) return [`the content type ${type} is not documented`];
  const at = `${pointer}/content/${escaped(type)}/schema`;
  if (type !== 'application/json') return complain(at, answer.body);
  try {
    return complain(at, JSON.parse(answer.body));
  } catch {
    return ['the body is no JSON'];
  }
}

/** Whoever may not repeat a request is not told to; everybody else is. Only a documented key counts. */
function repetitionFaults(answer, operation) {
  if (answer.status !== 503) return [];
  const takesKey = (operation.parameters ?? []).some((one) => follow(one, '').value.name === 'Idempotency-Key');
  const isInDoubt = answer.body.includes('whether this was done is not known');
  const mayRepeat = !isInDoubt || (takesKey && answer.hasKey);
  if (mayRepeat === (answer.headers['retry-after'] !== undefined)) return [];
  return [mayRepeat ? 'the header retry-after is missing' : 'the header retry-after stands where a repeat may be done twice'];
}

function faultsBy(answer, response, pointer) {
  return [...headerFaults(answer, response, pointer), ...bodyFaults(answer, response, pointer)];
}

/** Any error, wherever it comes from. */
function errorFaults(answer) {
  if (answer.method === 'HEAD') return [];
  let body;
  try {
    body = JSON.parse(answer.body);
  } catch {
    return ['an error that is no JSON'];
  }
  // The operators' document has a schema for each status alone.
  return api.components.schemas.Problem ? complain('/components/schemas/Problem', body) : [];
}

const seen = new Map();

function faultsOf(answer) {
  const path = answer.target.split(/[?#]/)[0];
  const status = String(answer.status);
  const found = paths.find(({ expression }) => expression.test(path));
  const plain = path.replaceAll(/\/+/g, '/').replace(/\/$/, '');
  if (!found && status === '308') return answer.headers.location === plain ? [] : ['the header location is not the path without its slash'];
  if (!found && !edgeStatuses.has(status) && status !== '404') return ['the path is not documented'];
  if (answer.method === 'OPTIONS' && status === '204') return answer.headers.allow ? [] : ['the header allow is missing'];
  const method = answer.method === 'HEAD' ? 'get' : answer.method.toLowerCase();
  const operation = found && api.paths[found.path][method];
  if (found && !operation && status === '405') return answer.headers.allow ? errorFaults(answer) : ['the header allow is missing'];
  if (!operation) return edgeStatuses.has(status) || status === '404' ? errorFaults(answer) : ['the method is not documented'];
  const documented = operation.responses[status];
  if (!documented) return edgeStatuses.has(status) ? errorFaults(answer) : ['the status is not documented'];
  seen.set(`${method} ${found.path} ${status}`, true);
  const { value, pointer } = follow(documented, `/paths/${escaped(found.path)}/${method}/responses/${status}`);
  return [...faultsBy(answer, value, pointer), ...repetitionFaults(answer, operation)];
}

/** How an operation succeeds: an address that is only the way to another one shows that. */
function successes(statuses) {
  const found = statuses.filter((status) => status < '300');
  return found.length > 0 ? found : statuses.filter((status) => status === '302');
}

const seenEvents = new Set();

/** What was sent to a dealer's webhook. */
function eventFaults(message) {
  if (!api.webhooks?.[message.type]) return ['the event is not documented'];
  seenEvents.add(message.type);
  return complain(`/webhooks/${escaped(message.type)}/post/requestBody/content/application~1json/schema`, message);
}

const folder = join(process.env.MEISIM_TEST_WORK ?? '', process.env.MEISIM_ANSWERS ?? 'answers');
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : [];
const complaints = new Map();
let count = 0;
for (const name of files)
  for (const line of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
    const answer = JSON.parse(line);
    ++count;
    if (answer.event) {
      for (const fault of eventFaults(answer.event))
        complaints.set(fault, `${answer.event.type}: ${fault}\n    in ${name}: ${JSON.stringify(answer.event)}`);
      continue;
    }
    for (const fault of faultsOf(answer)) {
      const what = `${answer.method} ${answer.target.split('?')[0]} ${answer.status}: ${fault}`;
      if (!complaints.has(what)) complaints.set(what, `${what}\n    in ${name}: ${answer.body.slice(0, 300)}`);
    }
  }

const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method} ${path}`, statuses: Object.keys(operation.responses) })));
const isSeen = (name, status) => seen.has(`${name} ${status}`);
const ran = new Set(files.map((name) => name.replace(/\.jsonl$/, '')));
const absent = tests.filter((name) => !ran.has(name));
// Whoever has started all tests expects all of them.
if (process.env.MEISIM_ALL_TESTS && absent.length > 0)
  complaints.set('absent', `nothing was written down by ${absent.join(', ')}`);
if (tests.length > 0 && absent.length === 0) {
  for (const { name, statuses } of operations)
    if (!successes(statuses).some((status) => isSeen(name, status))) complaints.set(name, `${name}: no test has seen it succeed`);
  for (const event of Object.keys(api.webhooks ?? {}))
    if (!seenEvents.has(event)) complaints.set(event, `${event}: no test has seen it sent`);
}
const usual = new Set(['400', '401', '403', '413', '415', '429', '500', '503']);
for (const { name, statuses } of operations) {
  const unseen = statuses.filter((status) => !usual.has(status) && !isSeen(name, status));
  if (unseen.length > 0) console.log(`not seen: ${name} ${unseen.join(', ')}`);
}
console.log(`${count} answers of ${files.length} tests, ${complaints.size} complaints`);
for (const complaint of complaints.values()) console.error(complaint);
if (count === 0) console.error('nothing was recorded');
process.exitCode = count === 0 || complaints.size > 0 ? 1 : 0;
