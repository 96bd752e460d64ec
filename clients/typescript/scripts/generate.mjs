// Writes src/schema.ts and src/keyed.ts from the API's document: all types, and which operations take an Idempotency-Key.
import { writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { apiDocument } from '../../../http/openapi/document.mjs';

const document = apiDocument();
const banner = '// Generated from /openapi.json by scripts/generate.mjs.\n';
const source = new URL('../src/', import.meta.url);

/** Whether one of these parameters is the Idempotency-Key. */
function takesKey(parameters = []) {
  return parameters.some((one) => one.name === 'Idempotency-Key' || one.$ref === '#/components/parameters/IdempotencyKey');
}

const types = await openapiTS(document, { defaultNonNullable: false, alphabetize: false });
writeFileSync(new URL('schema.ts', source), banner + astToString(types));

const keyed = Object.entries(document.paths).filter(([, item]) => takesKey(item.post?.parameters)).map(([path]) => path);
writeFileSync(
  new URL('keyed.ts', source),
  `${banner}/** The paths whose POST is done once under one Idempotency-Key. */\n` +
    `export const keyedPaths: ReadonlySet<string> = new Set(${JSON.stringify(keyed, null, 2)});\n`,
);
