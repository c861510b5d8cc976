import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { ok, type Fault, type Result } from '#shared/result.ts'
import type { OpenSource, Source, SourceKind, SourceRequest, SourceSink } from '#producer/sources/source.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { ArrivalClock } from './arrival.ts'
import { cardName, listDevices, TOOL_MISSING } from './devices.ts'
import { ARECORD_FORMATS, openFault, readForeignRate, readOverrun } from './messages.ts'

/** A short period for low latency, a long buffer so that a busy computer loses nothing; the buffer adds no delay. */
const SHORTEST_PERIOD_MS = 5
const LONGEST_PERIOD_MS = 20
const BUFFER_MS = 500
/** A device that opens but gives nothing, at first and later on. */
const FIRST_SOUND_MS = 4000
const SILENT_TICK_MS = 400
const SILENT_TICKS = 2
const KILL_MS = 300
/** Enough of the child's words to find the reason of its end. */
const MAX_WORDS = 8192

/** Any ALSA or PulseAudio device, through arecord: a process of its own keeps its clock when ours is busy. */
export const alsa: SourceKind = {
  kind: 'alsa',
  create(argument, request) {
    const format = { rate: request.rate ?? 48_000, channels: request.channels ?? 2, format: request.format ?? 's32' }
    return Promise.resolve(ok(new AlsaSource(argument || 'default', format, request)))
  },
}

class AlsaSource implements Source {
  readonly simulated = false
  #device: string
  #card: string | undefined
  #format: StreamFormat
  #periodMs: number

  constructor(device: string, format: StreamFormat, request: SourceRequest) {
    this.#device = device
    this.#format = format
    this.#periodMs = Math.min(Math.max(request.blockMs, SHORTEST_PERIOD_MS), LONGEST_PERIOD_MS)
  }

  /** The card's name tells which model a USB microphone is. */
  get label(): string {
    return this.#card === undefined ? this.#device : `${this.#card} (${this.#device})`
  }

  async open(sink: SourceSink): Promise<Result<OpenSource>> {
    this.#card = await cardName(this.#device)
    const opened = await this.#spawn(sink)
    if (opened.ok || opened.fault.code !== 'device-unknown') return opened
    const list = await listDevices()
    const names = list.ok ? list.value.map((d) => d.device).filter((name) => name !== 'null') : []
    const hint = names.length > 0 ? ` There are: ${names.slice(0, 20).join(', ')}.` : ''
    return { ok: false, fault: { ...opened.fault, message: opened.fault.message + hint } }
  }

  #spawn(sink: SourceSink): Promise<Result<OpenSource>> {
    const { channels, rate, format } = this.#format
    const setup = ['-t', 'raw', '-D', this.#device, '-f', ARECORD_FORMATS[format], '-c', `${channels}`, '-r', `${rate}`]
    const timing = [`--period-time=${this.#periodMs * 1000}`, `--buffer-time=${BUFFER_MS * 1000}`]
    // Detached: Ctrl-C in a terminal goes to the whole group, and the child must not die before we end it.
    const child = spawn('arecord', [...setup, ...timing], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
      detached: true,
    })
    return new Promise((resolve) => listen(child, this.#device, this.#format, sink, resolve))
  }
}

function listen(
  child: ChildProcess,
  device: string,
  format: StreamFormat,
  sink: SourceSink,
  settle: (result: Result<OpenSource>) => void,
): void {
  const bytesPerFrame = frameBytes(format)
  const clock = new ArrivalClock(format.rate)
  let words = ''
  let running = false
  let over = false
  let spareBytes = 0
  let silentTicks = 0
  let watch: NodeJS.Timeout | undefined

  const finish = (fault: Fault): void => {
    if (over) return
    over = true
    clearTimeout(firstSound)
    clearInterval(watch)
    void kill(child)
    if (running) sink.end(fault)
    else settle({ ok: false, fault })
  }
  const lose = (frames: number): void => {
    if (over || !running || frames < 1) return
    clock.lost(frames)
    sink.lost(frames)
  }
  const begin = (): void => {
    running = true
    clearTimeout(firstSound)
    watch = setInterval(() => {
      // Two ticks, because after a suspend of this process the first one comes before the sound that waits.
      if (++silentTicks > SILENT_TICKS) finish(lost(`No more sound came from "${device}".`))
    }, SILENT_TICK_MS)
    sink.begin(format)
    settle(
      ok({
        ...(child.pid === undefined ? {} : { pid: child.pid }),
        close: () => {
          over = true
          clearInterval(watch)
          return kill(child)
        },
      }),
    )
  }
  const firstSound = setTimeout(() => finish(lost(`"${device}" was opened but gives no sound.`)), FIRST_SOUND_MS)
  child.on('error', (error: NodeJS.ErrnoException) =>
    finish(
      error.code === 'ENOENT' ? TOOL_MISSING : lost(`arecord could not be started: ${error.code ?? error.message}.`),
    ),
  )
  child.on('close', () =>
    finish(running ? lost(`"${device}" went away: ${reason(words)}.`) : openFault(device, format, words)),
  )
  child.stdout?.on('data', (chunk: Buffer) => {
    if (over) return
    if (!running) begin()
    silentTicks = 0
    spareBytes += chunk.byteLength
    const frames = Math.floor(spareBytes / bytesPerFrame)
    spareBytes -= frames * bytesPerFrame
    sink.data(chunk, clock.arrived(frames, process.hrtime.bigint()))
    lose(clock.missing())
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-MAX_WORDS)
    for (const line of text.split('\n')) {
      if (readForeignRate(line) !== undefined) finish(openFault(device, format, line))
      const gap = readOverrun(line)
      // What arecord wrote before the gap already waits in the other pipe and is read in this turn of the loop; after
      // the gap the device needs a whole period to have more. So the gap belongs at the end of this turn.
      if (gap !== undefined) setImmediate(() => lose(Math.round(gap * format.rate)))
    }
  })
}

function lost(message: string): Fault {
  return { code: 'device-lost', message }
}

/** The last thing that arecord said, without its own line numbers. */
function reason(words: string): string {
  const last = words.trim().split('\n').at(-1) ?? ''
  return last.replace(/^arecord: (\S+:\d+: )?/, '').replace(/\.$/, '') || 'arecord ended'
}

/** Asks, then insists: a device that hangs in the kernel must not keep the node from ending. */
async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), KILL_MS)
  await gone
  clearTimeout(insist)
}
