// Makes another client of the API's document, by @hey-api/openapi-ts, for the test beside it.
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import { apiDocument } from '../../../../http/openapi/document.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
await createClient({
  input: apiDocument(),
  output: path('generated'),
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'silent' },
});
