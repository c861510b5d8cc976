/** What the program is made of, with the licence of each part: its text goes with the program, as most of them ask for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i

interface Package {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly author?: string | { readonly name: string }
  readonly dependencies?: Readonly<Record<string, string>>
}

/** Bundled into no file, and yet inside: the kernels are compiled from its standard library. */
const COMPILED_IN = ['assemblyscript']

const PREFACE = `Farfield is made with the work of others. Each part is named here with its licence.

The desktop program also holds Electron and Chromium; their licences lie beside the program, in LICENSE.electron.txt and
LICENSES.chromium.html.`

/** `modules`: absolute paths of everything that was bundled. */
export function licences(modules: Iterable<string>): string {
  const names = new Set(COMPILED_IN)
  for (const path of modules) {
    const name = packageOf(path)
    if (name) names.add(name)
  }
  const root = JSON.parse(readFileSync(join(MODULES, '../package.json'), 'utf8')) as Package
  for (const name of Object.keys(root.dependencies ?? {})) addWithDependencies(name, names)
  const parts = [...names].toSorted((a, b) => a.localeCompare(b, 'en')).map((name) => describe(name))
  return [PREFACE, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n'
}

/** "@base-ui/react" of ".../node_modules/@base-ui/react/esm/index.js". */
function packageOf(path: string): string | undefined {
  const inside = path.split(/[\\/]node_modules[\\/]/).at(-1)
  if (inside === undefined || inside === path) return undefined
  const [first, second] = inside.split(/[\\/]/)
  return first?.startsWith('@') ? `${first}/${second}` : first
}

/** Packages that are loaded as they are bring all that they depend on. */
function addWithDependencies(name: string, names: Set<string>): void {
  if (names.has(name) || !existsSync(join(MODULES, name))) return
  names.add(name)
  for (const one of Object.keys(read(name).dependencies ?? {})) addWithDependencies(one, names)
}

function describe(name: string): string {
  const { version, license, author } = read(name)
  const folder = join(MODULES, name)
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file))
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const by = typeof author === 'string' ? author : author?.name
  return [
    `${name} ${version}: ${license ?? 'no licence named'}`,
    ...(texts.length > 0 ? texts : by ? [`By ${by}.`] : []),
  ].join('\n\n')
}

function read(name: string): Package {
  return JSON.parse(readFileSync(join(MODULES, name, 'package.json'), 'utf8')) as Package
}
