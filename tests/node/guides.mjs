// Runs the programs of docs/guides against the running service (tests/system/with_instance.sh). The blocks of a guide in one
// language are one program; the `text` blocks behind them are what it prints, where … stands for anything. What a reader has to
// fill in (the address, the account, the mailed code) is filled in.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));
// Below the TypeScript client, which finds itself there by its own name.
const folder = `${project}clients/typescript/build/guides`;
const shell = `set -euo pipefail
curl() { command curl -sS "$@" && echo; }
mailed_code() {
  for ((i = 0; i < 100; i++)); do
    ls -t "$MEISIM_HOME"/mail/*.eml 2>/dev/null | xargs -r grep -hoE '\\b[0-9]{6}\\b' | head -n 1 | grep . && return
    sleep 0.1
  done
}
`;
const languages = {
  sh: { program: 'bash', before: shell },
  js: { program: 'node', ending: '.mjs', before: '' },
  python: { program: '/usr/bin/python3', before: '' },
};
const env = { ...process.env, PYTHONPATH: `${project}clients/python`, PYTHONDONTWRITEBYTECODE: '1' };

/** What a guide runs and what that prints, by language. */
function programsOf(text) {
  const programs = new Map();
  let last;
  for (const [, language, content] of text.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    if (language === 'text') programs.get(last).prints += content;
    else if (!(language in languages)) throw new Error(`nobody runs ${language}`);
    else {
      last = language;
      if (!programs.has(language)) programs.set(language, { source: languages[language].before, prints: '' });
      programs.get(language).source += content;
    }
  }
  return programs;
}

function filledIn(source) {
  return source
    .replaceAll('https://meisimusa.com', process.env.MEISIM_URL)
    .replaceAll('you@yourcompany.com', 'demo@meisim.test')
    .replaceAll('"code":"123456"', `"code":"'$(mailed_code)'"`);
}

/** Whether this was printed, where … stands for anything. */
function isPrinted(wanted, printed) {
  const parts = wanted.trim().split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^\\n]*')}$`).test(printed.trim());
}

async function problemOf(name, language, { source, prints }) {
  const { program, ending = '' } = languages[language];
  const file = `${folder}/${name}.${language}${ending}`;
  writeFileSync(file, filledIn(source));
  try {
    const { stdout } = await run(program, [file], { env, timeout: 60_000 });
    return isPrinted(prints, stdout) ? undefined : `it prints\n${stdout}`;
  } catch (problem) {
    return `${problem.stdout}${problem.stderr || problem.message}`;
  }
}

mkdirSync(folder, { recursive: true });
let count = 0;
for (const name of readdirSync(`${project}docs/guides`).sort())
  for (const [language, program] of programsOf(readFileSync(`${project}docs/guides/${name}`, 'utf8'))) {
    const problem = await problemOf(name, language, program);
    console.log(`${problem === undefined ? 'ok' : 'FAILED'} ${name} in ${language}${problem === undefined ? '' : `: ${problem}`}`);
    if (problem !== undefined) process.exitCode = 1;
    ++count;
  }
if (count === 0) throw new Error('there are no guides');
