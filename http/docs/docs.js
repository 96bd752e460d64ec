// Draws /openapi.json. All text goes in as text, never as markup.
'use strict';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
let api;

/** make('p', {class: 'pale'}, 'text', node…) */
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) node.setAttribute(name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return node;
}

/** The bit of Markdown that the document uses: paragraphs, `code` and **strong**. */
function prose(text) {
  return (text ?? '').split(/\n\n+/).filter(Boolean).map((paragraph) => make('p', {}, inline(paragraph)));
}

function inline(text) {
  return (text ?? '').split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.length > 2 && part.startsWith('`')) return make('code', {}, part.slice(1, -1));
    return part.length > 4 && part.startsWith('**') ? make('strong', {}, part.slice(2, -2)) : part;
  });
}

/** Follows a reference within the document; what stands beside it wins. */
function resolve(value) {
  if (!value?.$ref) return value ?? {};
  const target = value.$ref.slice(2).split('/').reduce((at, name) => at?.[name.replace(/~1/g, '/').replace(/~0/g, '~')], api);
  const { $ref, ...beside } = value;
  return { ...resolve(target), ...beside };
}

// --- Schemas ---

function typeOf(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.oneOf) return schema.oneOf.map((one) => typeOf(resolve(one))).join(' or ');
  const types = [schema.type ?? 'any'].flat();
  const named = types.map((type) => (type === 'array' ? `array of ${typeOf(resolve(schema.items))}` : type));
  return named.join(' or ') + (schema.format ? ` (${schema.format})` : '');
}

function boundsOf(schema) {
  const bounds = [];
  const range = (low, high, unit) => {
    if (low !== undefined && high !== undefined) bounds.push(`${low} to ${high}${unit}`);
    else if (low !== undefined) bounds.push(`at least ${low}${unit}`);
    else if (high !== undefined) bounds.push(`at most ${high}${unit}`);
  };
  range(schema.minLength, schema.maxLength, ' characters');
  range(schema.minimum, schema.maximum, '');
  if (schema.exclusiveMinimum !== undefined) bounds.push(`above ${schema.exclusiveMinimum}`);
  range(schema.minItems, schema.maxItems, ' items');
  if (schema.default !== undefined) bounds.push(`default ${JSON.stringify(schema.default)}`);
  return bounds.join(', ');
}

function fieldRow(name, schema, required) {
  const bounds = boundsOf(schema);
  return make('tr', {},
    make('td', {}, make('code', {}, name), required ? make('div', { class: 'required' }, 'required') : null),
    make('td', {}, typeOf(schema), bounds ? make('div', { class: 'pale' }, bounds) : null,
      schema.pattern ? make('div', {}, make('code', {}, schema.pattern)) : null),
    make('td', {}, inline(schema.description)));
}

/** The fields of a schema and of what stands within it, one row each. */
function fieldRows(schema, prefix = '', depth = 0) {
  if (depth > 5) return [];
  const inner = [schema.type].flat().includes('array') ? resolve(schema.items) : schema;
  const parts = (inner.allOf ?? []).map(resolve).concat([inner]);
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}));
  const required = parts.flatMap((part) => part.required ?? []);
  return Object.entries(properties).flatMap(([name, raw]) => {
    const field = resolve(raw);
    const below = [field.type].flat().includes('array') ? `${prefix}${name}[].` : `${prefix}${name}.`;
    return [fieldRow(prefix + name, field, required.includes(name)), ...fieldRows(field, below, depth + 1)];
  });
}

function fieldTable(rows) {
  if (rows.length === 0) return null;
  const head = make('tr', {}, ['Field', 'Type', ''].map((title) => make('th', { scope: 'col' }, title)));
  return make('div', { class: 'scroll' }, make('table', {}, make('thead', {}, head), make('tbody', {}, rows)));
}

function example(content, text) {
  const value = content?.example;
  if (value === undefined) return null;
  return make('pre', {}, make('code', {}, text ?? (typeof value === 'string' ? value : JSON.stringify(value, null, 2))));
}

// --- Operations ---

/** A command that can be copied, against the server that this page comes from. */
function curl(path, method, operation, parameters, body) {
  const query = parameters.filter((one) => one.in === 'query' && one.required).map((one) => `${one.name}=${one.example}`);
  const at = path.replace(/\{(\w+)\}/g, (whole, name) => parameters.find((one) => one.name === name)?.example ?? whole);
  const target = location.origin + at + (query.length > 0 ? `?${query.join('&')}` : '');
  const lines = [`curl ${method === 'get' ? '' : `-X ${method.toUpperCase()} `}'${target}'`];
  const scheme = Object.keys(operation.security?.[0] ?? {})[0];
  if (scheme === 'dealerKey') lines.push('-H "x-dealer-key: $MEISIM_DEALER_KEY"');
  else if (scheme) lines.push('-H "Authorization: Bearer $TOKEN"');
  if (body) lines.push("-H 'content-type: application/json'", `-d '${JSON.stringify(body).replace(/'/g, "'\\''")}'`);
  return make('pre', {}, make('code', {}, lines.join(' \\\n  ')));
}

function facts(operation) {
  const schemes = { dealerKey: 'x-dealer-key', dealerToken: 'dealer token', portalToken: 'portal token' };
  const shown = (operation.security ?? []).flatMap(Object.keys).map((name) => schemes[name] ?? name);
  const list = [shown.length > 0 ? shown.join(' or ') : 'no sign-in'];
  const limit = operation['x-rate-limit'];
  if (limit) {
    const span = limit.seconds === 60 ? 'minute' : `${limit.seconds / 60} minutes`;
    list.push(`${limit.requests} per ${span} and ${limit.per === 'dealer' ? 'dealer' : 'IP address'}`);
  }
  return make('ul', { class: 'facts' }, list.map((fact) => make('li', {}, fact)));
}

/** What an answer may look like: mostly one form, at times one of several. */
function formsOf(schema) {
  return schema.oneOf ? schema.oneOf.map(resolve) : [schema];
}

function answerOf(status, response) {
  const content = Object.values(response.content ?? {})[0];
  const isGood = status < 400;
  const headers = Object.keys(response.headers ?? {});
  return make('details', isGood && status !== '304' ? { open: '' } : {},
    make('summary', {}, make('span', { class: `status ${isGood ? 'ok' : 'bad'}` }, status), inline(response.description)),
    content ? formsOf(resolve(content.schema)).map((form) => fieldTable(fieldRows(form))) : null,
    headers.length > 0 ? make('p', { class: 'pale' }, 'Headers: ', headers.join(', ')) : null,
    example(content));
}

function operationView(path, method, operation) {
  const parameters = (operation.parameters ?? []).map(resolve);
  const body = resolve(operation.requestBody).content?.['application/json'];
  const rows = parameters.map((one) => {
    const where = { query: 'in the query', path: 'in the path', header: 'header' }[one.in];
    const schema = resolve(one.schema);
    return fieldRow(one.name, { ...schema, description: `${one.description ?? schema.description ?? ''} (${where})` }, one.required);
  });
  const title = resolve(operation.requestBody).required === false ? 'Body (may be left out)' : 'Body';
  return make('article', { id: operation.operationId },
    make('h3', {}, operation.summary),
    make('p', { class: 'endpoint' }, make('span', { class: `method ${method}` }, method), make('code', {}, path)),
    facts(operation),
    prose(operation.description),
    rows.length > 0 ? [make('h4', {}, 'Parameters'), fieldTable(rows)] : null,
    body ? [make('h4', {}, title), fieldTable(fieldRows(resolve(body.schema)))] : null,
    make('h4', {}, 'Try it'), curl(path, method, operation, parameters, body?.example),
    make('h4', {}, 'Answers'),
    Object.entries(operation.responses).map(([status, response]) => answerOf(status, resolve(response))));
}

// --- The page ---

function operationsOf(tag) {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]?.tags?.includes(tag)).map((method) => ({ path, method, operation: item[method] })));
}

function drawContents(list) {
  document.getElementById('contents').replaceChildren(...list.map(({ tag, operations }) =>
    make('div', {}, make('h2', {}, tag.name), make('ul', {}, operations.map(({ path, method, operation }) =>
      make('li', { 'data-words': `${path} ${method} ${operation.summary}`.toLowerCase() },
        make('a', { href: `#${operation.operationId}` },
          make('span', { class: `method ${method}` }, method), operation.summary)))))));
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of document.querySelectorAll('#contents li'))
    item.hidden = !words.every((word) => item.dataset.words.includes(word));
  for (const group of document.querySelectorAll('#contents > div'))
    group.hidden = !group.querySelector('li:not([hidden])');
}

function draw() {
  const list = api.tags.map((tag) => ({ tag, operations: operationsOf(tag.name) }));
  drawContents(list);
  const main = document.querySelector('main');
  main.replaceChildren(
    make('h1', {}, api.info.title),
    make('p', { class: 'version' }, `Version ${api.info.version} · `, make('a', { href: '/openapi.json' }, 'openapi.json')),
    ...prose(api.info.description),
    ...list.map(({ tag, operations }) => make('section', {}, make('h2', {}, tag.name), prose(tag.description),
      operations.map(({ path, method, operation }) => operationView(path, method, operation)))));
  main.removeAttribute('aria-busy');
  document.getElementById('filter').addEventListener('input', (event) => filter(event.target.value));
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

fetch('/openapi.json')
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`))))
  .then((read) => { api = read; draw(); })
  .catch((problem) => document.querySelector('main').replaceChildren(
    make('p', {}, `The document cannot be shown: ${problem.message}. `), make('a', { href: '/openapi.json' }, '/openapi.json')));
