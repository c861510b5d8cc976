/** Runs `farfield serve` as users do, with a data folder of its own, on loopback only. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/cli/start.mjs', import.meta.url))
const START = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url))
const READY_MS = 20_000

export interface Served {
  readonly url: string
  readonly folder: string
  readonly recordings: string
  readonly pid: number
  /** As a crash or a power cut ends it: without a word to anybody. The folder stays. */
  kill(): Promise<void>
  /** Ends it as Ctrl+C does; resolves with the exit code. The folder stays when it was given. */
  stop(): Promise<number | null>
}

export interface ServeOptions {
  readonly args?: readonly string[]
  /** Default: one of its own, removed by `stop`. */
  readonly folder?: string
  readonly env?: Record<string, string>
  /** Through what `npm start` runs, where there is no display: with the demo node, for the browser. */
  readonly npmStart?: boolean
}

export async function serve(options: ServeOptions = {}): Promise<Served> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'farfield-served-')))
  const args = ['--no-open', '--json', '--port', '0', '--data', folder, '--interface', '127.0.0.1']
  const command = options.npmStart ? [START] : [MAIN, 'serve']
  const child = spawn(process.execPath, [...command, ...args, ...(options.args ?? [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(options.npmStart ? { DISPLAY: '', WAYLAND_DISPLAY: '' } : {}), ...options.env },
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const first = once(lines, 'line', { signal: AbortSignal.timeout(READY_MS) })
  const ready = await Promise.race([first, ended.then(() => undefined)])
  if (!ready) throw new Error('farfield serve ended before it was ready')
  const { url } = JSON.parse(ready[0] as string) as { url: string }
  return {
    url,
    folder,
    recordings: join(folder, 'recordings'),
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT')
      const [code] = (await ended) as [number | null]
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true })
      return code
    },
  }
}
