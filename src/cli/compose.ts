/** Puts a workstation together for the command line and the browser host: paths, demo node, log. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import { openScreen, type Screen } from '#contract/open.ts'
import { portLink } from '#contract/port-link.ts'
import { Workstation, type DemoNode } from '#engine/workstation.ts'
import { startNode } from '#producer/node.ts'
import type { Result } from '#shared/result.ts'

/** The package this file is part of. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url))

export const VERSION: string = (
  JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }
).version

export interface ComposeOptions {
  /** Folder for settings and recordings; the platform's place for such data when absent. */
  readonly data?: string | undefined
  readonly scanInterfaces?: readonly string[]
  /** Begin with the remembered nodes and remember the new ones. */
  readonly remember: boolean
  readonly verbose: boolean
}

export async function openWorkstation(options: ComposeOptions): Promise<Workstation> {
  const dataDir = options.data === undefined ? platformData() : resolve(options.data)
  return Workstation.open({
    dataDir,
    recordingFolder: options.data === undefined ? join(homedir(), 'Farfield') : join(dataDir, 'recordings'),
    workerUrl: new URL('../engine/dsp/worker.ts', import.meta.url),
    version: VERSION,
    startDemoNode,
    remember: options.remember,
    scanInterfaces: options.scanInterfaces ?? [],
    log: (line) => {
      if (options.verbose) console.error(line)
    },
  })
}

/** A screen of our own: the command line is served like any other. */
export function openOwnScreen(station: Workstation): Screen {
  const { port1, port2 } = new MessageChannel()
  station.attach(portLink(port1))
  return openScreen(portLink(port2))
}

async function startDemoNode(): Promise<Result<DemoNode>> {
  return startNode({
    source: 'tone:demo',
    endpoint: 'inproc://farfield-demo',
    name: 'Demo',
    software: `farfield ${VERSION}`,
  })
}

/** Where a program of this platform keeps its data. */
function platformData(): string {
  const { env, platform } = process
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Farfield')
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Farfield')
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'farfield')
}
