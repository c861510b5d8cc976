import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { compileKernels } from './config/kernels'
import { licences } from './config/licences'

// Packages in `dependencies` stay outside the bundles: electron-vite leaves them to be loaded from node_modules.
export default defineConfig({
  main: {
    plugins: [
      {
        name: 'farfield-kernels',
        async generateBundle() {
          this.emitFile({ type: 'asset', fileName: 'kernels.wasm', source: await compileKernels() })
        },
      },
    ],
    build: {
      rolldownOptions: {
        // The kernels take seconds to compile, as they should.
        checks: { pluginTimings: false },
        // The worker's thread starts from a file of its own, which src/main finds beside itself.
        input: { index: 'src/main/index.ts', worker: 'src/engine/dsp/worker.ts' },
        output: {
          // Packaged, the worker lies outside the archive, where no package.json says that it is an ES module.
          entryFileNames: (chunk) => (chunk.name === 'worker' ? 'worker.mjs' : '[name].js'),
          chunkFileNames: 'chunks/[name]-[hash].mjs',
        },
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
      // Everything is a file of its own: the page's policy allows no inline script.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      minify: true,
      // One file is right: it comes from this computer or its network, once.
      chunkSizeWarningLimit: 1000,
    },
    plugins: [
      react(),
      {
        name: 'farfield-licences',
        generateBundle() {
          this.emitFile({ type: 'asset', fileName: 'licences.txt', source: licences(this.getModuleIds()) })
        },
      },
    ],
  },
})
