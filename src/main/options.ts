/** The program's own switches. Others are Chromium's or a debugger's and none of our business. */
import { resolve } from 'node:path'

export const HELP = `Farfield: see, hear, measure and record the sound of another place.

  --data DIR   keep settings here (else FARFIELD_DATA, else the system's place for it)
  --demo       start with a demo node
  --version    print the version and end
  --help       print this and end
`

export interface Options {
  readonly dataDir?: string
  readonly demo: boolean
  readonly version: boolean
  readonly help: boolean
}

export function readOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const dataDir = valueOf(argv, '--data') ?? env['FARFIELD_DATA']
  return {
    ...(dataDir ? { dataDir: resolve(dataDir) } : {}),
    demo: argv.includes('--demo'),
    version: argv.includes('--version'),
    help: argv.includes('--help'),
  }
}

function valueOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((arg) => arg === name || arg.startsWith(`${name}=`))
  if (at < 0) return undefined
  return argv[at] === name ? argv[at + 1] : argv[at]!.slice(name.length + 1)
}
