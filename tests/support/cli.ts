/** Runs `farfield` as users do: as a process of its own, with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const MAIN = fileURLToPath(new URL('../../src/cli/start.mjs', import.meta.url))

export interface CliOptions {
  readonly env?: Record<string, string>
  /** What is typed on standard input; default nothing. */
  readonly input?: string
  /** Runs in this network namespace. */
  readonly netns?: string
  /** A shell script that is given the command and runs it with `exec "$@"`. */
  readonly shell?: string
  /** Mounts made by `shell` are seen by this process alone. */
  readonly ownMounts?: boolean
}

export interface CliEnded {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export class CliProcess {
  readonly child: ChildProcess
  readonly ended: Promise<CliEnded>
  stdout = ''
  stderr = ''

  constructor(args: readonly string[], options: CliOptions = {}) {
    const home = mkdtempSync(join(tmpdir(), 'farfield-home-'))
    const started = performance.now()
    const [program, ...rest] = wrapped([process.execPath, MAIN, ...args], options)
    this.child = spawn(program!, rest, {
      env: { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), ...options.env },
      stdio: 'pipe',
    })
    this.child.stdin!.on('error', () => undefined).end(options.input ?? '')
    this.child.stdout!.on('data', (text) => (this.stdout += String(text)))
    this.child.stderr!.on('data', (text) => (this.stderr += String(text)))
    this.ended = once(this.child, 'close').then(([code]) => {
      rmSync(home, { recursive: true, force: true })
      const seconds = (performance.now() - started) / 1000
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr, seconds }
    })
  }

  /** Waits until it has printed `text` on standard output; throws with what it said when it ends before. */
  async says(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      const said = once(this.child.stdout!, 'data')
      const ended = await Promise.race([said.then(() => undefined), this.ended])
      if (ended && !this.stdout.includes(text)) throw new Error(`farfield ended with ${ended.code}: ${ended.stderr}`)
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<CliEnded> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return this.ended
  }
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliEnded> {
  return new CliProcess(args, options).ended
}

/** The lines of `--json`. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Ended by itself with `code` and one sentence a person can act on: no stack, no second telling. */
export function expectSentence(ended: { code: number | null; stderr: string }, code: number, sentence: RegExp): void {
  expect(ended.stderr).toMatch(sentence)
  expect(ended.stderr).toMatch(/^farfield(-node)?: .+[.?)]\n$/)
  expectNoStack(ended.stderr)
  expect(ended.code).toBe(code)
}

export function expectNoStack(text: string): void {
  expect(text).not.toMatch(/^\s+at .+:\d+/m)
  expect(text).not.toMatch(/node:internal|\bundefined\b|\[object/)
}

/** Without root the process becomes root in a namespace of its own, where the system allows that. */
const UNSHARE = ['unshare', process.getuid?.() === 0 ? '-m' : '-rm']

function wrapped(command: readonly string[], { netns, shell, ownMounts }: CliOptions): readonly string[] {
  const scripted = shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command]
  const inside = ownMounts ? [...UNSHARE, ...scripted] : scripted
  return netns === undefined ? inside : ['ip', 'netns', 'exec', netns, ...inside]
}
