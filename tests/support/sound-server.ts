/**
 * A private PulseAudio without hardware: what is played into its sink comes out of its monitor, bit for bit and in
 * real time. `norewinds` is essential: without it the monitor runs in bursts.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const READY_MS = 10_000

export interface SoundServerOptions {
  readonly rate?: number
  readonly channels?: number
  /** PulseAudio's name of the sink's sample format. */
  readonly format?: 's16le' | 's24le' | 's32le' | 'float32le'
}

export class SoundServer {
  /** For programs that shall use this server: `{ ...process.env, ...server.env }`. The ALSA device is `pulse`. */
  readonly env: Record<string, string>
  readonly folder: string
  #options: Required<SoundServerOptions>
  #process: ChildProcess | undefined

  constructor(folder: string, options: SoundServerOptions) {
    this.folder = folder
    this.#options = { rate: 48_000, channels: 2, format: 's32le', ...options }
    this.env = {
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      PULSE_RUNTIME_PATH: join(folder, 'pulse'),
      PULSE_SERVER: `unix:${join(folder, 'native')}`,
      PULSE_COOKIE: join(folder, 'cookie'),
    }
  }

  /** Resolves when it takes connections. */
  static async start(options: SoundServerOptions = {}): Promise<SoundServer> {
    const server = new SoundServer(await mkdtemp(join(tmpdir(), 'farfield-sound-')), options)
    await server.up()
    return server
  }

  /** Starts the server again after `down`. */
  async up(): Promise<void> {
    const { rate, channels, format } = this.#options
    const socket = join(this.folder, 'native')
    const child = spawn(
      'pulseaudio',
      [
        '-n',
        '--daemonize=no',
        '--use-pid-file=no',
        '--exit-idle-time=-1',
        '--disable-shm=yes',
        `--log-target=file:${join(this.folder, 'pulse.log')}`,
        '--load',
        `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
        '--load',
        `module-null-sink sink_name=cap format=${format} rate=${rate} channels=${channels} norewinds=1`,
      ],
      { env: { ...process.env, ...this.env }, stdio: 'ignore' },
    )
    this.#process = child
    const deadline = Date.now() + READY_MS
    while (!(await this.#tryPactl('info'))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`pulseaudio did not start: ${socket}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await this.pactl('set-default-sink', 'cap')
    await this.pactl('set-default-source', 'cap.monitor')
  }

  /** Kills the server as a crash would. */
  async down(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  /** Plays a file into the sink; resolves when it has been played. A second is buffered, so that a busy machine leaves no hole. */
  async play(file: string): Promise<void> {
    await run('paplay', ['--latency-msec=1000', file], { env: { ...process.env, ...this.env } })
  }

  async pactl(...args: string[]): Promise<string> {
    const { stdout } = await run('pactl', args, { env: { ...process.env, ...this.env } })
    return stdout
  }

  async stop(): Promise<void> {
    await this.down('SIGTERM')
    await rm(this.folder, { recursive: true, force: true })
  }

  async #tryPactl(...args: string[]): Promise<boolean> {
    return this.pactl(...args).then(
      () => true,
      () => false,
    )
  }
}
