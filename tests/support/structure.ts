/** What the tree says about itself: its folders, its registries and who imports whom. Every function takes the tree's root. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Import {
  readonly file: string
  readonly from: string
}

/** Folders that no registry knows, each with the file that should name it. */
export function unregistered(root: string): string[] {
  const layers = read(root, 'config/layers.ts')
  const missing = (folders: readonly string[], registry: string, names: (folder: string) => boolean): string[] =>
    folders.filter((folder) => !names(folder)).map((folder) => `${folder} is not in ${registry}`)
  const inRegistry = (registry: string, line: (name: string) => string) => (folder: string) =>
    read(root, registry).includes(line(folder.split('/').at(-1)!))
  const meters = foldersIn(root, 'src/meters')
  return [
    ...missing([...foldersIn(root, 'src'), 'headless-producer'], 'config/layers.ts', (folder) =>
      layers.includes(`files: ['${folder}/**']`),
    ),
    ...missing(
      meters.filter((folder) => existsSync(join(root, folder, 'meter.ts'))),
      'src/meters/registry.ts',
      inRegistry('src/meters/registry.ts', (name) => `'./${name}/meter.ts'`),
    ),
    ...missing(
      meters.filter((folder) => existsSync(join(root, folder, 'view.tsx'))),
      'src/meters/views.ts',
      inRegistry('src/meters/views.ts', (name) => `'./${name}/view.tsx'`),
    ),
    ...missing(
      foldersIn(root, 'headless-producer/sources'),
      'headless-producer/sources/registry.ts',
      inRegistry('headless-producer/sources/registry.ts', (name) => `'./${name}/source.ts'`),
    ),
  ]
}

/** Every import of every TypeScript file below `folder`: static, of types, re-exported or dynamic. */
export function importsIn(root: string, folder: string): Import[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => {
      const file = `${folder}/${name}`
      const code = read(root, file)
      const found = code.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)(['"])([^'"\s$]+)\1/g)
      return [...found].map((match) => ({ file, from: match[2]! }))
    })
}

/** The layer table of ARCHITECTURE.md: folder, and the layers that it may import. */
export function layerTable(root: string): Map<string, string[]> {
  const rows = read(root, 'ARCHITECTURE.md').matchAll(/^\|\s*`([^`]+)`\s*\|[^|\n]*\|([^|\n]*)\|\s*$/gm)
  return new Map(
    [...rows].map(([, folder, may]) => {
      const names = may!.replaceAll('`', '').split(',')
      return [folder!.replace(/\/$/, ''), names.map((n) => n.trim()).filter((n) => n !== '' && n !== 'nothing')]
    }),
  )
}

function foldersIn(root: string, parent: string): string[] {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
}

function read(root: string, file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
