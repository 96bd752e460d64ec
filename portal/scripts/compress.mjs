// Lays each file beside itself as gzip and Brotli make it, once, so that no request has to wait for that.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const output = process.env.MEISIM_PORTAL_OUTPUT ?? 'dist';
for (const name of readdirSync(output, { recursive: true })) {
  if (!/assets\/.*\.(js|css|svg)$/.test(name)) continue;
  const content = readFileSync(join(output, name));
  writeFileSync(join(output, `${name}.gz`), gzipSync(content, { level: 9 }));
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(join(output, `${name}.br`), brotliCompressSync(content, best));
}
