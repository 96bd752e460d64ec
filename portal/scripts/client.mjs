// Writes what the build needs of others: the types of both APIs, from the parts that /openapi.json and /admin/openapi.json
// are put together from, and the licences of the packages that are compiled in.
import { readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { adminDocument, apiDocument } from '../../http/openapi/document.mjs';

const root = new URL('..', import.meta.url);

const read = (url) => JSON.parse(readFileSync(url, 'utf8'));
const writeTypes = async (file, document) =>
  writeFileSync(new URL(file, root), astToString(await openapiTS(document)));
await writeTypes('src/shared/api/schema.ts', apiDocument());
await writeTypes('src/operator/api/schema.ts', adminDocument());

/** The text of a package's licence, from the file that it comes with. */
function licenceText(folder) {
  const name = readdirSync(folder).find((file) => /^(licen[cs]e|copying)(\.|$)/i.test(file));
  return name ? readFileSync(new URL(name, folder), 'utf8').trim() : '';
}

const lock = read(new URL('package-lock.json', root));
const licences = Object.entries(lock.packages)
  .filter(([path, entry]) => path && !entry.dev && !entry.optional && existsSync(new URL(path, root)))
  .filter(([path]) => !path.includes('/@types/'))
  .map(([path, entry]) => ({
    name: path.replace(/^.*node_modules\//, ''),
    version: entry.version,
    licence: entry.license ?? 'see its text',
    text: licenceText(new URL(`${path}/`, root)),
  }))
  .sort((a, b) => a.name.localeCompare(b.name));
writeFileSync(new URL('src/shared/licences.json', root), JSON.stringify(licences));
