import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

interface Entry {
  name: string;
  base: string;
  port: number;
  /** Where `npm run dev` finds a node; `scripts/run` starts one. */
  node: string;
  /** What is asked of it. */
  asks: string[];
}

const dealer: Entry = {
  name: 'dealer',
  base: '/portal/',
  port: 5180,
  node: process.env.MEISIM_URL ?? 'http://127.0.0.1:8080',
  asks: ['/dealer', '/api', '/docs', '/openapi.json'],
};

/** A build of its own: the public port serves nothing of it. */
const operator: Entry = {
  name: 'operator',
  base: '/console/',
  port: 5181,
  node: process.env.MEISIM_ADMIN_URL ?? 'http://127.0.0.1:8081',
  asks: ['/admin'],
};

/** Every path of the pages is answered with the page, as a node does it. */
const pagesOf = ({ name, base }: Entry): Plugin => ({
  name: 'pages',
  configureServer: (server) => {
    server.middlewares.use((request, _response, next) => {
      const path = `${request.url?.split('?')[0]}/`;
      // A mail address is no file, and what begins with an @ is Vite's own.
      const isPage = !/\/@/.test(path) && (/@/.test(path) || !/\./.test(path));
      if (path.startsWith(base) && isPage) request.url = `${base}${name}.html`;
      next();
    });
  },
});

export default defineConfig(({ mode }) => {
  const entry = mode === operator.name ? operator : dealer;
  return {
    base: entry.base,
    plugins: [react(), pagesOf(entry)],
    resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
    build: {
      outDir: `${process.env.MEISIM_PORTAL_OUTPUT ?? 'dist'}/${entry.name}`,
      emptyOutDir: true,
      // Older ones have no `light-dark`.
      target: ['chrome123', 'firefox120', 'safari17.5'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: {
        input: `${entry.name}.html`,
        output: {
          // What changes seldom stays in the caches of browsers when pages change.
          manualChunks: (id) =>
            /node_modules\/(react|react-dom|scheduler|@tanstack)\//.test(id) ? 'base' : undefined,
        },
      },
    },
    server: {
      port: entry.port,
      proxy: Object.fromEntries(entry.asks.map((path) => [path, entry.node])),
    },
    test: { include: ['src/**/*.test.ts'], environment: 'node', setupFiles: ['src/dealer/words/setup.ts'] },
  };
});
