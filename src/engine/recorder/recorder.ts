/** The running and the recent takes. Knows sessions only as block sources; measures each take beside recording it. */
import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { StreamFormat } from '#shared/pcm.ts'
import type { Fault } from '#shared/result.ts'
import type { TakeView } from '#contract/state.ts'
import type { SpanReading } from '#engine/dsp/messages.ts'
import type { SessionBlock } from '#engine/session.ts'
import { Take } from './take.ts'

/** Takes kept in view; older ones stay on disk only. */
const MAX_TAKES = 100
/** A finished take shows its final figures; meters that died must not hold it up. */
const MEASURE_MS = 2000

export interface RecorderEvents {
  /** Start or end measuring exactly the blocks of a take. */
  span(node: number, take: string, begin: boolean): void
  failed(fault: Fault): void
  changed(): void
}

interface Entry {
  readonly id: string
  readonly node: number
  readonly name: string
  readonly take: Take
  state: TakeView['state']
  integrated: number | null
  rms: readonly (number | null)[]
  ended?: Promise<void>
  /** Resolves with the last reading of the take's measurement. */
  readonly measured: PromiseWithResolvers<void>
}

export class Recorder {
  readonly #events: RecorderEvents
  readonly #entries: Entry[] = []

  constructor(events: RecorderEvents) {
    this.#events = events
  }

  get recording(): boolean {
    return this.#entries.some((e) => e.state === 'recording')
  }

  /** The running take of a node. */
  takeOf(node: number): string | undefined {
    return this.#running(node)?.id
  }

  /** Begins with the node's next block, in a folder that `checkFolder` accepted. A node that is being recorded keeps its take. */
  start(node: number, name: string, format: StreamFormat, folder: string, seconds?: number): string {
    const running = this.#running(node)
    if (running) return running.id
    const take = new Take(folder, name, format, seconds === undefined ? undefined : Math.round(seconds * format.rate))
    const entry: Entry = {
      id: randomUUID(),
      node,
      name,
      take,
      state: 'recording',
      integrated: null,
      rms: Array.from({ length: format.channels }, () => null),
      measured: Promise.withResolvers(),
    }
    take.onFailure((fault) => {
      entry.state = 'failed'
      this.#events.span(node, entry.id, false)
      this.#events.failed(fault)
      this.#events.changed()
    })
    this.#entries.unshift(entry)
    if (this.#entries.length > MAX_TAKES) this.#entries.length = MAX_TAKES
    this.#events.span(node, entry.id, true)
    this.#events.changed()
    return entry.id
  }

  /** Call after the block went to the meters: a take that is complete ends its measurement behind it. */
  accept(node: number, block: SessionBlock): void {
    const running = this.#running(node)
    if (!running) return
    running.take.accept(block)
    if (running.take.complete) void this.stop([running.id])
  }

  /** A take holds one format: the node's take ends and another begins in the same folder, for the rest of its length. */
  formatChanged(node: number, format: StreamFormat): void {
    const running = this.#running(node)
    if (!running) return
    void this.stop([running.id])
    this.start(node, running.name, format, running.take.folder, running.take.secondsLeft)
  }

  /** Ends these takes, or all; resolves when their files are finished. */
  async stop(ids: readonly string[]): Promise<void> {
    const chosen = this.#entries.filter((e) => e.state === 'recording' && (ids.length === 0 || ids.includes(e.id)))
    await Promise.all(chosen.map((entry) => (entry.ended ??= this.#end(entry))))
  }

  measured(reading: SpanReading): void {
    const entry = this.#entries.find((e) => e.id === reading.span)
    if (!entry) return
    entry.integrated = finiteOrNull(reading.integrated)
    entry.rms = reading.rms.map(finiteOrNull)
    if (reading.final) entry.measured.resolve()
    this.#events.changed()
  }

  views(): readonly TakeView[] {
    return this.#entries.map((entry): TakeView => {
      const figures = entry.take.figures()
      return {
        id: entry.id,
        group: entry.id,
        preRollSeconds: 0,
        sealed: entry.state === 'finished' ? figures.files.length : 0,
        pendingFrames: 0,
        repairedFrames: 0,
        losses: [],
        markers: [],
        resumed: 0,
        node: entry.node,
        name: entry.name,
        state: entry.state,
        startedAt: entry.take.startedAt.getTime(),
        folder: entry.take.folder,
        files: [...figures.files],
        frames: figures.frames,
        seconds: figures.frames / entry.take.format.rate,
        bytes: figures.bytes,
        gaps: figures.gaps,
        missingFrames: figures.missingFrames,
        queuedBytes: figures.queuedBytes,
        integrated: entry.integrated,
        rms: entry.rms,
        ...(figures.fault ? { fault: figures.fault } : {}),
      }
    })
  }

  #running(node: number): Entry | undefined {
    return this.#entries.find((e) => e.node === node && e.state === 'recording' && !e.ended)
  }

  async #end(entry: Entry): Promise<void> {
    this.#events.span(entry.node, entry.id, false)
    await entry.take.stop()
    await Promise.race([entry.measured.promise, setTimeout(MEASURE_MS, undefined, { ref: false })])
    if (entry.state === 'recording') entry.state = entry.take.figures().fault ? 'failed' : 'finished'
    this.#events.changed()
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
