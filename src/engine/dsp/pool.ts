/** The DSP workers. A node stays with one worker; a new node goes to the worker with the fewest. */
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import type { Disposable } from '#shared/lifecycle.ts'
import type { StreamFormat } from '#shared/pcm.ts'
import type { Settings } from '#meters/meter.ts'
import type { CapturedBlock } from './batch.ts'
import { Lane } from './lane.ts'
import type { LostFrames } from './measure.ts'
import type { DspNews } from './messages.ts'
import type { SpanFigures } from './span.ts'

/** One core is left to the sockets, the disk and the screen; more than four workers no desk needs. */
const MAX_WORKERS = 4

export class DspPool implements Disposable {
  readonly #lanes: Lane[]
  readonly #laneOf = new Map<number, Lane>()
  readonly #measuring = new Map<number, (figures: SpanFigures | undefined) => void>()
  #requests = 0
  #slow = false

  /** `listen` gets all news of every worker. `failed` is called when a worker dies, which is a bug of ours. */
  constructor(workerUrl: URL | string, listen: (news: DspNews) => void, failed: (error: Error) => void) {
    const count = Math.max(1, Math.min(MAX_WORKERS, availableParallelism() - 1))
    this.#lanes = Array.from({ length: count }, () => new Lane(workerUrl, (news) => this.#hear(news, listen), failed))
  }

  open(node: number, format: StreamFormat): void {
    this.#lane(node).order({ t: 'open', node, format })
  }

  /** Copies `block.bytes`. False when the block had to be dropped. */
  block(node: number, block: CapturedBlock): boolean {
    return this.#lane(node).block(node, block)
  }

  calibrate(node: number, text: string | null): void {
    this.#lane(node).order({ t: 'calibrate', node, text })
  }

  watch(node: number, meters: readonly string[]): void {
    this.#lane(node).order({ t: 'watch', node, meters })
  }

  listen(node: number, on: boolean): void {
    this.#lane(node).order({ t: 'listen', node, on })
  }

  reset(node: number, meter?: string): void {
    this.#lane(node).order({ t: 'reset', node, ...(meter === undefined ? {} : { meter }) })
  }

  pause(node: number, on: boolean): void {
    this.#lane(node).order({ t: 'pause', node, on })
  }

  /** `settings` were checked; see engine/choices.ts. */
  choose(node: number, meter: string, settings: Settings): void {
    this.#lane(node).order({ t: 'choose', node, meter, settings })
  }

  span(node: number, span: string, begin: boolean): void {
    this.#lane(node).order({ t: begin ? 'span-begin' : 'span-end', node, span })
  }

  /** Figures of a file without its lost frames; undefined when it cannot be read, or not within `limitMs`. */
  async measure(file: string, lost: readonly LostFrames[], limitMs: number): Promise<SpanFigures | undefined> {
    const request = ++this.#requests
    const { promise, resolve } = Promise.withResolvers<SpanFigures | undefined>()
    this.#measuring.set(request, resolve)
    const lane = this.#lanes.reduce((best, next) => (next.nodes < best.nodes ? next : best))
    lane.order({ t: 'measure', request, file, lost })
    try {
      return await Promise.race([promise, setTimeout(limitMs, undefined, { ref: false })])
    } finally {
      this.#measuring.delete(request)
    }
  }

  /** Blocks of this node that were dropped because its worker was too slow. */
  dropped(node: number): number {
    return this.#laneOf.get(node)?.dropped(node) ?? 0
  }

  /** Blocks of this node that its worker has not taken yet. */
  waiting(node: number): number {
    return this.#laneOf.get(node)?.waiting(node) ?? 0
  }

  close(node: number): void {
    this.#laneOf.get(node)?.leave(node)
    this.#laneOf.delete(node)
  }

  async dispose(): Promise<void> {
    for (const lane of this.#lanes) lane.order({ t: 'stop' })
    await Promise.all(this.#lanes.map(({ ended }) => ended))
  }

  #hear(news: DspNews, listen: (news: DspNews) => void): void {
    if (news.t === 'measured') return this.#measuring.get(news.request)?.(news.figures)
    if (news.t !== 'slow') return listen(news)
    // All workers have the same reason.
    if (!this.#slow) console.error(`farfield: meters are calculated slowly: ${news.why}`)
    this.#slow = true
  }

  #lane(node: number): Lane {
    let lane = this.#laneOf.get(node)
    if (!lane) {
      lane = this.#lanes.reduce((best, next) => (next.nodes < best.nodes ? next : best))
      lane.enter(node)
      this.#laneOf.set(node, lane)
    }
    return lane
  }
}
