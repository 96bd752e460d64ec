// Holds the API's document against Redocly's recommended rules, and each example in it against its schema. To be
// started with the document's file. A warning counts as an error.
import { createConfig, formatProblems, lint } from '@redocly/openapi-core';

const config = await createConfig({
  extends: ['recommended'],
  rules: {
    'no-invalid-media-type-examples': 'error',
    'no-invalid-parameter-examples': 'error',
    // The recommended rule does not know that showing the way is a success too.
    'operation-2xx-response': 'off',
    'rule/operation-succeeds': {
      subject: { type: 'Responses' },
      assertions: { requireAny: ['200', '202', '2XX', '302'] },
      severity: 'error',
    },
  },
});
const problems = await lint({ ref: process.argv[2], config });
const totals = {
  errors: problems.filter((one) => one.severity === 'error').length,
  warnings: problems.filter((one) => one.severity === 'warn').length,
  ignored: problems.filter((one) => one.ignored).length,
};
formatProblems(problems, { format: 'stylish', totals, version: '', maxProblems: 100 });
console.log(`${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
