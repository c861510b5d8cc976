/** Keeps one source open: capturing, or trying again after it went away, until it is closed. */
import type { StreamFormat } from '#shared/pcm.ts'
import { ok, type Fault, type Result } from '#shared/result.ts'
import type { SourceState } from '#wire/meta.ts'
import type { OpenSource, Source, SourceSink } from '#producer/sources/source.ts'
import type { Log } from './log.ts'

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5000
/** A source that ran for so long was well: the next loss starts again with a short pause. */
const STEADY_MS = 5000

/** Where one stream goes. */
export interface StreamSink {
  push(bytes: Uint8Array, endNs: bigint): void
  lost(frames: number): void
  /** Nothing more comes. */
  end(): void
}

export interface CaptureEvents {
  /** A new stream begins. */
  begin(format: StreamFormat): StreamSink
  /** The state changed. */
  changed(): void
  /** The source has ended for good. */
  ended(): void
}

export class Capture {
  #source: Source
  #events: CaptureEvents
  #log: Log
  #state: SourceState = 'opening'
  #message: string | undefined
  #open: OpenSource | undefined
  #retry: NodeJS.Timeout | undefined
  #retryMs = FIRST_RETRY_MS
  #streams = 0
  #overruns = 0
  #overrunFrames = 0
  #closed = false

  constructor(source: Source, log: Log, events: CaptureEvents) {
    this.#source = source
    this.#log = log
    this.#events = events
  }

  get label(): string {
    return this.#source.label
  }

  get simulated(): boolean {
    return this.#source.simulated
  }

  get state(): SourceState {
    return this.#state
  }

  /** Why it is not running; undefined while it is. */
  get message(): string | undefined {
    return this.#message
  }

  get pid(): number | undefined {
    return this.#open?.pid
  }

  /** Times the source was opened again. */
  get reopened(): number {
    return Math.max(0, this.#streams - 1)
  }

  get overruns(): number {
    return this.#overruns
  }

  get overrunFrames(): number {
    return this.#overrunFrames
  }

  /**
   * Opens the source. With `wait`, a source that cannot be opened yet is tried again for as long as it takes;
   * without it, the fault of the first attempt is returned and nothing goes on.
   */
  async start(wait: boolean): Promise<Result<void>> {
    const fault = await this.#attempt()
    if (!fault || wait) {
      if (fault) this.#lose(fault)
      return ok(undefined)
    }
    this.#closed = true
    return { ok: false, fault }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    const open = this.#open
    this.#open = undefined
    await open?.close()
  }

  async #attempt(): Promise<Fault | undefined> {
    const began = performance.now()
    let stream: StreamSink | undefined
    let early: { fault?: Fault } | undefined
    let opened: OpenSource | undefined
    const finish = (fault?: Fault): void => {
      stream?.end()
      stream = undefined
      this.#open = undefined
      void opened?.close()
      if (this.#closed) return
      if (performance.now() - began > STEADY_MS) this.#retryMs = FIRST_RETRY_MS
      if (fault) this.#lose(fault)
      else {
        this.#state = 'ended'
        this.#events.changed()
        this.#events.ended()
      }
    }
    const sink: SourceSink = {
      begin: (format) => {
        if (this.#closed) return
        this.#streams++
        this.#state = 'running'
        this.#message = undefined
        stream = this.#events.begin(format)
        this.#events.changed()
      },
      data: (bytes, endNs) => stream?.push(bytes, endNs),
      lost: (frames) => {
        if (!stream) return
        this.#overruns++
        this.#overrunFrames += frames
        this.#log('warn', `${frames} frames were lost before they could be read`)
        stream.lost(frames)
      },
      end: (fault) => {
        if (opened) finish(fault)
        else early ??= fault ? { fault } : {}
      },
    }
    const result = await this.#source.open(sink)
    if (!result.ok) return result.fault
    opened = result.value
    if (this.#closed) {
      await opened.close()
      return undefined
    }
    this.#open = opened
    if (early) finish(early.fault)
    return undefined
  }

  #lose(fault: Fault): void {
    if (this.#state !== 'lost' || this.#message !== fault.message) this.#log('warn', fault.message)
    this.#state = 'lost'
    this.#message = fault.message
    this.#events.changed()
    this.#retry = setTimeout(() => void this.#again(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
  }

  async #again(): Promise<void> {
    const fault = await this.#attempt()
    if (this.#closed) return
    if (fault) this.#lose(fault)
    else if (this.#state === 'running') this.#log('info', 'capturing again')
  }
}
