import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SOURCES } from '#producer/sources/registry.ts'
import { LAYERS } from '../../config/layers.ts'
import { importsIn, layerTable, unregistered } from '../support/structure.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const OXLINT = join(ROOT, 'node_modules/.bin/oxlint')
const folderOf = (layer: (typeof LAYERS)[number]): string => layer.files[0]!.replace('/**', '')
const packages = [...new Set(LAYERS.flatMap((layer) => layer.packages))]
const moduleOf = (name: string): string => (name === 'node:' ? 'node:fs' : name)

let tree: string
beforeAll(() => void (tree = mkdtempSync(join(tmpdir(), 'farfield-structure-'))))
afterAll(() => rmSync(tree, { recursive: true, force: true }))

function plant(root: string, file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

describe('lint', () => {
  interface Planted {
    readonly file: string
    readonly allowed: boolean
  }

  /** One file for each import that a layer may or may not have. */
  function plantImports(root: string): Planted[] {
    const planted: Planted[] = []
    for (const layer of LAYERS) {
      let number = 0
      const one = (code: string, allowed: boolean): void => {
        const file = `${folderOf(layer)}/planted${number++}.ts`
        plant(root, file, code)
        planted.push({ file, allowed })
      }
      for (const other of LAYERS) {
        if (!other.prefix || other === layer) continue
        one(`import { x } from '${other.prefix}x.ts'\nx()\n`, layer.may.includes(other.name))
      }
      for (const name of packages) one(`import { x } from '${moduleOf(name)}'\nx()\n`, layer.packages.includes(name))
      one("import { x } from './sibling.ts'\nx()\n", true)
      one("import { x } from '../other/x.ts'\nx()\n", false)
      one("import type { X } from '../../x.ts'\nexport const x = (value: X): X => value\n", false)
      one("export { x } from '../x.ts'\n", false)
    }
    return planted
  }

  test('refuses every import that the table of layers does not allow, and no other', () => {
    const root = join(tree, 'lint')
    mkdirSync(root)
    for (const name of ['oxlint.config.ts', 'config', 'package.json'])
      cpSync(join(ROOT, name), join(root, name), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    const planted = plantImports(root)
    const { stdout, status } = spawnSync(OXLINT, ['--format', 'json', 'src', 'headless-producer'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { code: string; filename: string; severity: string }[]
    }
    const refused = new Set(
      diagnostics
        .filter((d) => d.code.includes('no-restricted-imports') && d.severity === 'error')
        .map((d) => d.filename.replace(`${root}/`, '')),
    )
    expect(planted.length).toBeGreaterThan(200)
    expect(planted.filter((p) => refused.has(p.file) === p.allowed)).toEqual([])
  })

  test('has nothing to say about the layers as they are', () => {
    expect(execFileSync(OXLINT, ['src', 'headless-producer'], { cwd: ROOT, encoding: 'utf8' })).toMatch(
      /Found 0 warnings and 0 errors/,
    )
  })
})

describe('registries', () => {
  test('know every folder', () => {
    expect(unregistered(ROOT)).toEqual([])
    expect(LAYERS.map((layer) => layer.name)).toEqual(expect.arrayContaining(['main', 'web', 'cli']))
  })

  test('name sources by their folders', () => {
    const folders = new Set(
      importsIn(ROOT, 'headless-producer/sources')
        .map((i) => i.file.split('/')[2]!)
        .filter((n) => !n.includes('.')),
    )
    expect(SOURCES.map((source) => source.kind).sort()).toEqual([...folders].sort())
  })

  test.each([
    ['src/meters/planted/meter.ts', 'src/meters/planted is not in src/meters/registry.ts'],
    ['src/meters/planted/view.tsx', 'src/meters/planted is not in src/meters/views.ts'],
    [
      'headless-producer/sources/planted/source.ts',
      'headless-producer/sources/planted is not in headless-producer/sources/registry.ts',
    ],
    ['src/planted/main.ts', 'src/planted is not in config/layers.ts'],
  ])('are told of a planted %s', (file, complaint) => {
    const root = mkdtempSync(join(tree, 'planted-'))
    for (const name of ['src', 'headless-producer', 'config'])
      cpSync(join(ROOT, name), join(root, name), { recursive: true })
    const before = unregistered(root)
    plant(root, file, '')
    expect(unregistered(root).filter((c) => !before.includes(c))).toEqual([complaint])
  })
})

describe('imports', () => {
  /** What lint cannot see is seen here: dynamic imports, packages that no layer uses, `./` that climbs. */
  function strangers(root: string): string[] {
    return LAYERS.flatMap((layer) =>
      importsIn(root, folderOf(layer))
        .filter(({ from }) => {
          if (from.startsWith('.')) return !from.startsWith('./') || from.includes('..')
          const other = LAYERS.find((l) => l.prefix && from.startsWith(l.prefix))
          if (other) return other !== layer && !layer.may.includes(other.name)
          return !layer.packages.some(
            (name) => from === name || from.startsWith(name.endsWith(':') ? name : `${name}/`),
          )
        })
        .map(({ file, from }) => `${file} imports ${from}`),
    )
  }

  test('of every layer are those of the table', () => {
    expect(strangers(ROOT)).toEqual([])
  })

  test.each([
    ['src/dsp/planted.ts', "export const x = import('#engine/clock.ts')\n", '#engine/clock.ts'],
    ['src/wire/planted.ts', "import { test } from 'vitest'\ntest('', () => undefined)\n", 'vitest'],
    ['src/contract/planted.ts', "export * from './../engine/clock.ts'\n", './../engine/clock.ts'],
    ['headless-producer/planted.ts', "import type { X } from '#engine/x.ts'\nexport type Y = X\n", '#engine/x.ts'],
  ])('planted in %s are found: %j', (file, code, from) => {
    const root = mkdtempSync(join(tree, 'imports-'))
    for (const name of ['src', 'headless-producer']) cpSync(join(ROOT, name), join(root, name), { recursive: true })
    plant(root, file, code)
    expect(strangers(root)).toEqual([`${file} imports ${from}`])
  })
})

describe('ARCHITECTURE.md', () => {
  test('has the table of config/layers.ts', () => {
    const written = layerTable(ROOT)
    const layers = LAYERS.map((layer) => [folderOf(layer), [...layer.may].sort()] as const)
    const rows = [...written].filter(([folder]) => layers.some(([name]) => name === folder))
    expect(Object.fromEntries(rows.map(([folder, may]) => [folder, may.toSorted()]))).toEqual(
      Object.fromEntries(layers),
    )
  })

  test('allows every arrow of the code, layer by layer', () => {
    const written = layerTable(ROOT)
    for (const [folder, may] of written) {
      const layer = LAYERS.find((l) => folderOf(l) === folder)
      if (!layer) continue
      const arrows = importsIn(ROOT, folder).flatMap(({ from }) =>
        LAYERS.filter((l) => l.prefix && l !== layer && from.startsWith(l.prefix)).map((l) => l.name),
      )
      expect(new Set(may).isSupersetOf(new Set(arrows))).toBe(true)
    }
    expect(written.size).toBeGreaterThanOrEqual(LAYERS.length)
  })
})
