import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the gateway listens while the app is developed with `vite dev`. */
const GATEWAY = 'http://127.0.0.1:3000';

export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    // Nothing inline: the gateway's content security policy allows the page's own files and nothing else.
    assetsInlineLimit: 0,
    // Read by the check of what people wait for before the first page.
    manifest: true,
    modulePreload: { polyfill: false },
  },
  server: {
    // Not in the short form, which hides from the gateway what the page came by: it would refuse its origin.
    proxy: {
      '/login': { target: GATEWAY },
      '/v1': { target: GATEWAY },
      '/socket.io': { target: GATEWAY, ws: true },
    },
  },
});
