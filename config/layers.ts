/**
 * Which layer may import which. This table is the one in ARCHITECTURE.md (a test compares them); lint enforces it.
 * Inside a layer imports are `./sibling`; across layers `#layer/...`; `../` is never used.
 */

import type { OxlintOverride } from 'oxlint'

interface Layer {
  readonly name: string
  /** Glob of its files. */
  readonly files: readonly string[]
  /** Import prefix, where others may import it. */
  readonly prefix?: string
  readonly may: readonly string[]
  /** Packages beyond the platform's own: a pure layer has none, not even Node's modules. */
  readonly packages: readonly string[]
}

const NODE = 'node:'
const PRODUCER = 'headless-producer'

export const LAYERS: readonly Layer[] = [
  { name: 'shared', files: ['src/shared/**'], prefix: '#shared/', may: [], packages: [] },
  { name: 'wire', files: ['src/wire/**'], prefix: '#wire/', may: ['shared'], packages: [] },
  { name: 'dsp', files: ['src/dsp/**'], prefix: '#dsp/', may: ['shared'], packages: [] },
  {
    name: 'meters',
    files: ['src/meters/**'],
    prefix: '#meters/',
    may: ['shared', 'dsp'],
    packages: ['react', 'uplot', '@base-ui/react'],
  },
  { name: 'contract', files: ['src/contract/**'], prefix: '#contract/', may: ['shared'], packages: [] },
  {
    name: 'engine',
    files: ['src/engine/**'],
    prefix: '#engine/',
    may: ['shared', 'wire', 'dsp', 'meters', 'contract'],
    packages: [NODE, 'zeromq', 'bonjour-service', 'wavefile'],
  },
  {
    name: 'web',
    files: ['src/web/**'],
    prefix: '#web/',
    may: ['shared', 'contract', 'engine'],
    packages: [NODE, 'ws'],
  },
  {
    name: 'main',
    files: ['src/main/**'],
    may: ['shared', 'contract', 'engine', 'web', PRODUCER],
    packages: [NODE, 'electron'],
  },
  {
    name: 'cli',
    files: ['src/cli/**'],
    may: ['shared', 'wire', 'meters', 'contract', 'engine', 'web', PRODUCER],
    packages: [NODE],
  },
  { name: 'preload', files: ['src/preload/**'], may: ['contract'], packages: ['electron'] },
  {
    name: 'renderer',
    files: ['src/renderer/**'],
    prefix: '#renderer/',
    may: ['shared', 'contract', 'meters'],
    packages: ['react', 'react-dom', 'uplot', '@base-ui/react', '@fontsource-variable/inter'],
  },
  {
    name: PRODUCER,
    files: ['headless-producer/**'],
    prefix: '#producer/',
    may: ['shared', 'wire'],
    packages: [NODE, 'zeromq', 'bonjour-service'],
  },
]

const PACKAGES = [...new Set(LAYERS.flatMap((layer) => layer.packages))]

/** One complete entry per layer: a later override replaces a rule's options, it does not merge them. */
export function layerOverrides(): OxlintOverride[] {
  return LAYERS.map((layer) => {
    const closed = LAYERS.filter((other) => other !== layer && other.prefix && !layer.may.includes(other.name)).map(
      (l) => `${l.prefix}**`,
    )
    const foreign = PACKAGES.filter((p) => !layer.packages.includes(p)).flatMap((p) =>
      p === NODE ? ['node:*', 'node:*/**'] : [p, `${p}/**`],
    )
    return {
      files: [...layer.files],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: closed,
                message: `${layer.name} may import ${layer.may.join(', ') || 'nothing'} (config/layers.ts).`,
              },
              { group: ['../**', '..'], message: 'Import ./sibling or #layer/..., never ../' },
              ...(foreign.length > 0
                ? [{ group: foreign, message: `${layer.name} does not use this package (config/layers.ts).` }]
                : []),
            ],
          },
        ],
      },
    }
  })
}
