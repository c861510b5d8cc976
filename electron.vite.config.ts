import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

export default defineConfig({
  main: {
    build: {
      // Named, not inlined: they bring native code or are loaded from node_modules at run time.
      rolldownOptions: {
        input: { index: 'src/main/index.ts' },
        external: ['zeromq', 'bonjour-service', 'wavefile', 'ws'],
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload must be CommonJS and one file.
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    build: {
      rolldownOptions: { input: 'src/renderer/index.html' },
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    plugins: [react()],
  },
})
