/** A take beside what surrounds it: the session that feeds it, the measurement of its live sound, what is shown of it. */
import { setTimeout } from 'node:timers/promises'
import type { Disposable } from '#shared/lifecycle.ts'
import type { Fault } from '#shared/result.ts'
import type { TakeView } from '#contract/state.ts'
import type { LostFrames } from '#engine/dsp/measure.ts'
import type { SpanReading } from '#engine/dsp/messages.ts'
import type { SpanFigures } from '#engine/dsp/span.ts'
import type { Session } from '#engine/session.ts'
import { sourceOf, type TakeSource } from './source.ts'
import type { Part } from './part.ts'
import type { Take } from './take.ts'
import type { WavLoudness } from './wav/bext.ts'

/** A finished take shows its final figures; meters that died must not hold it up. */
const MEASURE_MS = 2000
/** What was captured before a stop is heard this long after it, or late. */
const UNDER_WAY_MS = 1000
/** A file is measured at least so many times as fast as it sounded, or finished without. */
const MEASURE_PACE = 20

/** Figures of a file without its lost frames; undefined when it cannot be read, or not in time. */
export type MeasureFile = (
  file: string,
  lost: readonly LostFrames[],
  limitMs: number,
) => Promise<SpanFigures | undefined>

export interface EntryEvents {
  session(): Session | undefined
  /** Begin or end measuring the live sound of a take. */
  span(take: string, begin: boolean): void
  measure: MeasureFile
  failed(fault: Fault): void
  changed(): void
}

export class Entry {
  readonly node: number
  readonly take: Take
  readonly id: string
  integrated: number | null = null
  rms: readonly (number | null)[]
  /** Shown to the person. */
  listed = true
  /** How much of it was read again, 0 to 1, while that goes on. */
  verifying: number | undefined
  readonly #events: EntryEvents
  readonly #final = Promise.withResolvers<void>()
  #session: Session | undefined
  #source: TakeSource | undefined
  #hold: Disposable | undefined
  #spanning: boolean
  #stoppedAt: number | undefined
  #ended: Promise<void> | undefined
  #done = false
  /** What is shown was measured in the file, and is final. */
  #whole = false

  constructor(node: number, make: (source: () => TakeSource | undefined) => Take, events: EntryEvents) {
    this.node = node
    this.#events = events
    // Held before the take asks for anything.
    this.#follow(events.session())
    const take = make(() => this.#source)
    this.take = take
    this.id = take.head.id
    this.rms = Array.from({ length: take.head.format.channels }, () => null)
    this.#spanning = !take.stopped
    if (this.#spanning) events.span(this.id, true)
    take.onSeal((...what) => this.#measure(...what))
    take.onFailure((fault) => {
      this.endSpan()
      events.failed(fault)
      void this.end()
      events.changed()
    })
    if (this.#source) take.join(this.#source)
    if (take.stopped) void this.end()
  }

  /** Its files are finished, and its figures are final. */
  get done(): boolean {
    return this.#done
  }

  get state(): TakeView['state'] {
    const { take } = this
    if (this.#done) return take.fault ? 'failed' : 'finished'
    if (!take.stopped) return 'recording'
    if (take.parts.every((part) => part.state !== 'open')) return 'sealing'
    return Date.now() - (this.#stoppedAt ?? Date.now()) < UNDER_WAY_MS && !take.heard ? 'recording' : 'repairing'
  }

  /** Call a few times a second; `flush`: each second. */
  tick(flush: boolean): void {
    if (this.#done) return
    const session = this.#events.session()
    if (session !== this.#session) {
      // A node that was disconnected and connected again has a session that knows nothing of the take.
      this.#follow(session)
      if (this.#source) this.take.join(this.#source)
    }
    this.take.tick()
    if (flush) void this.take.flush()
    if (!this.take.stopped) return
    void this.end()
    if (Date.now() - this.#stoppedAt! > UNDER_WAY_MS) this.endSpan()
  }

  /** The take was stopped: resolves when it is done. */
  end(): Promise<void> {
    return (this.#ended ??= this.#end())
  }

  /** The program ends. What can be finished is; what waits for missing sound stays for the next start. */
  async leave(): Promise<void> {
    await Promise.race([this.end(), setTimeout(UNDER_WAY_MS, undefined, { ref: false })])
    if (this.take.parts.some((part) => part.state === 'open')) await this.take.leave()
    else await this.end()
  }

  measured(reading: SpanReading): void {
    if (!this.#whole) this.#show(reading)
    if (reading.final) this.#final.resolve()
  }

  endSpan(): void {
    if (!this.#spanning) return
    this.#spanning = false
    this.#events.span(this.id, false)
  }

  #show({ integrated, rms }: SpanFigures): void {
    this.integrated = finiteOrNull(integrated)
    this.rms = rms.map(finiteOrNull)
  }

  #follow(session: Session | undefined): void {
    void this.#hold?.dispose()
    this.#session = session
    this.#source = session && sourceOf(session)
    this.#hold = session?.hold()
  }

  /** A take that is one file has the figures of the file, late sound and pre-roll included. */
  async #measure(part: Part, file: string, silent: readonly LostFrames[]): Promise<WavLoudness | undefined> {
    const limitMs = MEASURE_MS + (1000 * part.seconds) / MEASURE_PACE
    const figures = await this.#events.measure(file, silent, limitMs)
    if (!figures) return undefined
    if (this.take.stopped && this.take.parts.length === 1) {
      this.#whole = true
      this.#show(figures)
    }
    return {
      integrated: finiteOrNull(figures.integrated),
      range: finiteOrNull(figures.range),
      truePeak: finiteOrNull(figures.truePeak),
      momentaryMax: finiteOrNull(figures.momentaryMax),
      shortTermMax: finiteOrNull(figures.shortTermMax),
    }
  }

  async #end(): Promise<void> {
    this.#stoppedAt = Date.now()
    await this.take.done
    this.endSpan()
    await this.#hold?.dispose()
    this.#hold = undefined
    await this.#measured()
    this.#done = true
    this.#events.changed()
  }

  #measured(): Promise<void> {
    return Promise.race([this.#final.promise, setTimeout(MEASURE_MS, undefined, { ref: false })])
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
