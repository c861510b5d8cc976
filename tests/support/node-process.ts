/** Runs `farfield-node` as users do: as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../headless-producer/start.mjs', import.meta.url))
const READY_MS = 15_000

export interface NodeProcessOptions {
  readonly env?: Record<string, string>
  /** Default: a free pair of ports. */
  readonly port?: number
  /** Default: not announced. */
  readonly advertise?: boolean
  /** Runs in this network namespace and listens on its address `host`. */
  readonly netns?: { readonly name: string; readonly host: string }
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export class NodeProcess {
  readonly host: string
  readonly port: number
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''

  constructor(args: readonly string[], port: number, options: NodeProcessOptions) {
    const { netns, advertise } = options
    this.host = netns?.host ?? '127.0.0.1'
    this.port = port
    const quiet = advertise ? [] : ['--no-advertise']
    const command = [process.execPath, MAIN, '--bind', this.host, '--port', `${port}`, ...quiet, ...args]
    const [program, ...rest] = netns ? ['ip', 'netns', 'exec', netns.name, ...command] : command
    this.child = spawn(program!, rest, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.on('data', (text) => (this.stdout += String(text)))
    this.child.stderr?.on('data', (text) => (this.stderr += String(text)))
    this.ended = once(this.child, 'close').then(([code]) => ({
      code: code as number | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }))
  }

  get url(): string {
    return `tcp://${this.host}:${this.port}`
  }

  /** Waits for the ready line. Throws with what the node said when it ends instead. */
  async ready(): Promise<void> {
    const deadline = AbortSignal.timeout(READY_MS)
    while (!this.stdout.includes('\n')) {
      const said = once(this.child.stdout!, 'data', { signal: deadline })
      const ended = await Promise.race([said.then(() => undefined), this.ended])
      if (ended) throw new Error(`farfield-node ended with ${ended.code}: ${ended.stderr}`)
    }
  }

  /** Resolves with how it ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return this.ended
  }
}

/** Starts a node on loopback and waits until it is ready: `startNodeProcess(['--source', 'tone:count'])`. */
export async function startNodeProcess(
  args: readonly string[],
  options: NodeProcessOptions = {},
): Promise<NodeProcess> {
  const node = new NodeProcess(args, options.port ?? (await freePortPair()), options)
  await node.ready()
  return node
}

/** Runs a node that is expected to end by itself. */
export async function runNodeProcess(args: readonly string[], options: NodeProcessOptions = {}): Promise<Ended> {
  return new NodeProcess(args, options.port ?? (await freePortPair()), options).ended
}

/** A port such that it and the next one are free on loopback. Below the range that the kernel gives to outgoing connections. */
export async function freePortPair(): Promise<number> {
  for (;;) {
    const port = 20_000 + 2 * Math.floor(Math.random() * 5000)
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const free = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => resolve(true))
  })
  await new Promise((resolve) => server.close(resolve))
  return free
}
