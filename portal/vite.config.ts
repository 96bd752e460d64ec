import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Where `npm run dev` finds a node; `scripts/run` starts one.
const node = process.env.MEISIM_URL ?? 'http://127.0.0.1:8080';

/** Every path of the pages is answered with the page, as a node does it. */
const pages: Plugin = {
  name: 'pages',
  configureServer: (server) => {
    server.middlewares.use((request, _response, next) => {
      if (/^\/portal(\/[^.@]*)?$/.test(request.url?.split('?')[0] ?? '')) request.url = '/portal/dealer.html';
      next();
    });
  },
};

export default defineConfig({
  base: '/portal/',
  plugins: [react(), pages],
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: process.env.MEISIM_PORTAL_OUTPUT ?? 'dist',
    emptyOutDir: true,
    // Older ones have no `light-dark`.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: 'dealer.html',
      output: {
        // What changes seldom stays in the caches of browsers when pages change.
        manualChunks: (id) =>
          /node_modules\/(react|react-dom|scheduler|@tanstack)\//.test(id) ? 'base' : undefined,
      },
    },
  },
  server: {
    port: 5180,
    proxy: Object.fromEntries(['/dealer', '/api', '/docs', '/openapi.json'].map((path) => [path, node])),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node', setupFiles: ['src/dealer/words/setup.ts'] },
});
