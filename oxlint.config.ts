import { defineConfig } from 'oxlint'
import { layerOverrides } from './config/layers.ts'

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'react'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  // src/dsp/wasm/assembly is AssemblyScript.
  ignorePatterns: ['out', 'dist', 'node_modules', 'test-results', 'src/dsp/wasm/assembly'],
  rules: {
    'no-console': 'off',
    'no-shadow': 'off',
    'no-await-in-loop': 'off',
    'no-underscore-dangle': 'off',
    'import/no-unassigned-import': 'off',
    // wavefile is CommonJS; its default import is what Node gives.
    'import/default': 'off',
    'import/no-named-as-default-member': 'off',
    'oxc/no-map-spread': 'off',
    'react/react-in-jsx-scope': 'off',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/no-unnecessary-type-parameters': 'off',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/prefer-add-event-listener': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/consistent-function-scoping': 'off',
    eqeqeq: 'error',
  },
  overrides: layerOverrides(),
})
