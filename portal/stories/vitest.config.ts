import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The pages in a browser, on a running service (`MEISIM_URL`, `MEISIM_HOME`, `MEISIM_SANDBOX_PORT`). */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['*.story.ts'],
    environment: 'node',
    // One browser, one story after the other: two cores are few.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
