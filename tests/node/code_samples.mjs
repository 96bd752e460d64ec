// Holds the document's samples against the running service (tests/system/with_instance.sh): each can be read by its language,
// and those that show something, or order, run as they are shown and succeed: an order in all languages, the others in turns.
// Only the address is put in.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';

const run = promisify(execFile);
const here = process.env.MEISIM_URL;
const folder = mkdtempSync(join(tmpdir(), 'meisim-code-samples-'));
const languages = {
  Shell: { ending: 'sh', program: 'bash', readAll: (files) => run('bash', ['-c', 'set -e; for file; do bash -n "$file"; done', '-', ...files]) },
  JavaScript: { ending: 'mjs', program: 'node', readAll: (files) => files.map((file) => new Script(`async () => {${readFileSync(file)}}`)) },
  Python: { ending: 'py', program: '/usr/bin/python3', readAll: (files) => run('/usr/bin/python3', ['-m', 'py_compile', ...files]) },
};

async function json(path, body) {
  const answer = await fetch(here + path, body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} is answered with ${answer.status}`);
  return answer.json();
}

const account = { email: 'demo@meisim.test', password: 'demo-password' };
const env = {
  ...process.env,
  MEISIM_DEALER_TOKEN: (await json('/dealer/login', account)).token,
  MEISIM_PORTAL_TOKEN: (await json('/api/portal/v1/auth/login', account)).token,
};
const document = await json('/openapi.json');
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })));

/** Shows something that is there for everybody, or orders. */
function canRun({ path, method, operation }) {
  const shown = operation.responses['200'];
  const goesOn = 'text/event-stream' in (shown?.content ?? {});
  return method === 'get' ? shown !== undefined && !goesOn && !path.includes('{') && !path.startsWith('/portal') : ['/dealer/order', '/api/v1/esim/bundles'].includes(path);
}

/** Writes a sample down, for this service. */
function fileOf({ operation }, sample) {
  const file = join(folder, `${operation.operationId}.${languages[sample.lang].ending}`);
  writeFileSync(file, sample.source.replaceAll('https://meisimusa.com', here).replace(/^curl /, 'curl -sS --fail-with-body '));
  return file;
}

async function problemOf({ sample, file }) {
  try {
    const { stdout } = await run(languages[sample.lang].program, [file], { env, maxBuffer: 1 << 24 });
    return sample.lang === 'Shell' || /^2\d\d /.test(stdout) ? undefined : stdout;
  } catch (problem) {
    return `${problem.stdout}${problem.stderr}`;
  }
}

const samples = operations.flatMap((one) => {
  const all = one.operation['x-codeSamples'] ?? [];
  if (all.map((sample) => sample.lang).join() !== Object.keys(languages).join())
    throw new Error(`${one.operation.operationId} has not all of its samples`);
  return all.map((sample) => ({ one, sample, file: fileOf(one, sample) }));
});
for (const [name, language] of Object.entries(languages))
  await language.readAll(samples.filter(({ sample }) => sample.lang === name).map(({ file }) => file));

const runnable = samples.filter(({ one }) => canRun(one));
const work = runnable.filter(({ one }, at) => one.path === '/dealer/order' || Math.floor(at / 3) % 3 === at % 3);
const count = work.length;
const problems = [];
const workers = Array.from({ length: 4 }, async () => {
  for (let next = work.pop(); next; next = work.pop()) {
    const problem = await problemOf(next);
    if (problem !== undefined) problems.push(`${next.sample.source}\n${problem}`);
  }
});
await Promise.all(workers);
rmSync(folder, { recursive: true });
for (const problem of problems) console.log(problem);
console.log(`${samples.length} samples, ${count} of them run, ${problems.length} problems`);
process.exitCode = problems.length > 0 || count < 15 ? 1 : 0;
