// Puts the API's document together from the parts of this folder, as http/edge/api_document.cpp does, for tools that run
// before there is a server. Written to standard output if it is started, exported if it is imported.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Adds `part` to `whole`. Objects are merged; what both say is an error. */
function merge(whole, part, file) {
  for (const [name, value] of Object.entries(part)) {
    const known = whole[name];
    if (known === undefined) whole[name] = value;
    else if (isObject(known) && isObject(value)) merge(known, value, file);
    else throw new Error(`${file} says ${name} once more`);
  }
  return whole;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The document of the parts in a folder. */
function documentOf(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  return files.reduce((whole, name) => merge(whole, JSON.parse(readFileSync(new URL(name, folder), 'utf8')), name), {});
}

export function apiDocument() {
  return documentOf(new URL('.', import.meta.url));
}

/** The operators'. */
export function adminDocument() {
  return documentOf(new URL('admin/', import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${JSON.stringify(apiDocument(), null, 1)}\n`);
