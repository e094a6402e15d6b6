import { defineConfig } from 'vite'

/** Builds the hub's pages from src/web. Nothing is inlined, since the hub's Content-Security-Policy allows no inline scripts. */
export default defineConfig({
  root: 'src/web',
  base: '/',
  publicDir: false,
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
})
