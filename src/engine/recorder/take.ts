/**
 * A take: one node, one format, from a moment to a moment. The captured bytes go to disk untouched, each at its position.
 * What is missing is asked for until it came or is lost for good; only then a file is finished. `Intake` knows which sound
 * belongs where, `Shelf` makes and seals the files; here is how a take begins, ends and is done.
 */
import type { Clock } from '#shared/clock.ts'
import type { Fault } from '#shared/result.ts'
import type { SessionBlock } from '#engine/session-events.ts'
import type { LostRange } from '#engine/tracker.ts'
import { askForAll } from './asking.ts'
import { Ending } from './ending.ts'
import { Intake } from './intake.ts'
import type { Marker, TakeHead } from './journal.ts'
import { Marks } from './marks.ts'
import { openingAt } from './opening.ts'
import type { Part } from './part.ts'
import { Shelf, type Left, type MeasurePart } from './shelf.ts'
import type { TakeSource } from './source.ts'
import { least, Timeline } from './timeline.ts'

/** A node that keeps no sound has this long to bring what is on its way, ms. */
const NO_RING_MS = 1000
/** The node's own time for an answer, on top of its ring, ms. */
const GRACE_MS = 5000

export interface TakeStart {
  readonly head: TakeHead
  /** Where its files go; exists. */
  readonly folder: string
  readonly clock: Clock
  /** Name and version of the program, for the files. */
  readonly software: string
  readonly source: () => TakeSource | undefined
  /** Frame of the moment of the start; the next block begins it when absent. */
  readonly origin?: { readonly stream: bigint; readonly position: bigint }
}

export class Take {
  readonly head: TakeHead
  readonly folder: string
  readonly shelf: Shelf
  readonly #intake: Intake
  readonly #marks: Marks
  readonly #timeline: Timeline
  readonly #clock: Clock
  readonly #source: () => TakeSource | undefined
  readonly #done = Promise.withResolvers<void>()
  readonly #ending = new Ending()
  #fault: Fault | undefined
  #finished = false
  #failed: ((fault: Fault) => void) | undefined
  #measure: MeasurePart | undefined

  constructor({ head, folder, clock, software, source, origin }: TakeStart, left?: Left) {
    this.head = head
    this.#timeline = new Timeline(head)
    this.folder = folder
    this.#clock = clock
    this.#source = source
    this.shelf = left?.shelf ?? new Shelf(head, folder, software)
    this.shelf.onFailure((fault) => this.#fail(fault))
    this.#intake = new Intake(this.#timeline, this.#ending, this.shelf, source)
    this.#marks = new Marks((line) => this.shelf.note(line), left?.state.markers)
    if (left) this.#restore(left)
    else if (origin) this.#begin(origin)
  }

  /** When no more is taken up: stopped by the user, by its length or by a fault. */
  get stopped(): boolean {
    return this.#ending.stopped
  }
  get fault(): Fault | undefined {
    return this.#fault
  }
  get finished(): boolean {
    return this.#finished
  }
  get parts(): readonly Part[] {
    return this.#timeline.parts
  }
  get markers(): readonly Marker[] {
    return this.#marks.items
  }
  get gaps(): number {
    return this.#timeline.gaps
  }
  /** While it waits for missing sound: when it gives that up, UTC ms. */
  get finishesAt(): number | undefined {
    return this.#ending.givenUpAt
  }
  /** Resolves when all files are finished, or cannot be. */
  get done(): Promise<void> {
    return this.#done.promise
  }
  /** Its newest sound, up to the stop, has come or is over. */
  get heard(): boolean {
    const part = this.parts.at(-1)
    return part === undefined || this.#isClosed(part)
  }
  /** The length asked for is there; what comes then is not part of the take. */
  get complete(): boolean {
    const part = this.parts.at(-1)
    const end = part && this.#intake.endOf(part.stream)
    return this.head.limit !== undefined && end !== undefined && part!.received.end >= end
  }
  /** What is left of the length that was asked for, s; undefined without one. */
  get secondsLeft(): number | undefined {
    const { limit, format } = this.head
    return limit === undefined
      ? undefined
      : Math.max(0, limit + this.#timeline.openingFrames - this.frames) / format.rate
  }
  get frames(): number {
    return this.#timeline.frames
  }
  pendingFrames(): number {
    return this.parts.reduce((sum, part) => sum + part.pending().reduce((s, r) => s + Number(r.to - r.from), 0), 0)
  }

  /** Told once when a fault ends the take. */
  onFailure(listener: (fault: Fault) => void): void {
    this.#failed = listener
  }

  /** Asked when a file has all its sound, before it is sealed. */
  onSeal(measure: MeasurePart): void {
    this.#measure = measure
  }

  /** Never waits and never throws. Sound from before the take's first frame or behind its end is not part of it. */
  accept(block: SessionBlock): void {
    if (this.#fault || this.#finished) return
    this.#intake.accept(block)
    this.#settle()
  }

  /** These frames will never come. */
  lost(range: LostRange): void {
    this.#intake.lose(range.stream, range, range.cause)
    this.#settle()
  }

  /** The stream is over at `end`; what of it is not there yet is missing. */
  ended(stream: bigint, end: bigint): void {
    this.#intake.ended(stream, end)
    this.#settle()
  }

  /** A mark at this moment; its number in `markers`, undefined where there is no sound to mark. */
  mark(label: string): number | undefined {
    const part = this.parts.at(-1)
    if (!part || this.stopped) return undefined
    const now = this.#source()?.positionAt(this.#clock.monotonicNs())
    const position = now?.stream === part.stream ? now.position : part.received.end
    return this.#marks.add(part.stream, position, label)
  }

  /** Another label for a mark. False when there is no such mark, or its file is being finished with the label it had. */
  label(number: number, label: string): boolean {
    const marker = this.markers[number]
    if (!marker || this.#finished) return false
    const part = this.parts.findLast((p) => p.stream === marker.stream && marker.position >= p.first)
    if (part?.state !== 'open') return false
    this.#marks.label(number, label)
    return true
  }

  /** Ends at this moment of the monotonic clock, or with what has come where it is not known which frame that is. */
  stop(ns: bigint = this.#clock.monotonicNs()): void {
    if (this.stopped) return
    const last = this.parts.at(-1)
    const ends = new Map<bigint, bigint>()
    if (last && !last.over) {
      const at = this.complete ? undefined : this.#source()?.positionAt(ns)
      const heard = last.received.end
      ends.set(last.stream, at?.stream === last.stream && at.position > heard ? at.position : heard)
    }
    this.#stopAt(ns, ends)
  }

  #stopAt(ns: bigint | undefined, ends: Map<bigint, bigint>): void {
    const at = this.#ending.stop(ns, ends, this.#patience())
    this.shelf.note({ t: 'stop', at, ends })
    this.#settle()
  }

  /** No other stream belongs to it; those that do go on to their own end. */
  close(): void {
    if (!this.stopped) this.#stopAt(undefined, new Map())
  }

  /** Finishes with what there is. */
  finishNow(): void {
    this.stop()
    for (const part of this.parts) {
      part.over = true
      this.#intake.lose(part.stream, { from: part.first, to: part.received.end }, 'network')
    }
    this.#settle()
  }

  /** Ends it for a reason that is not the user's: its files are finished with what there is. */
  end(fault: Fault): void {
    if (this.#fault || this.#finished) return
    this.#fault = fault
    this.finishNow()
    this.#failed?.(fault)
  }

  /** Makes safe what was written; call each second. */
  flush(): Promise<void> {
    return this.shelf.flush(this.parts)
  }

  /**
   * Asks again for what is missing and what nobody is fetching, and looks whether its files are still there; gives up when
   * it is time. Call a few times a second.
   */
  tick(): void {
    if (this.#finished || this.#fault) return
    void this.shelf.check(this.parts)
    const source = this.#source()
    if (source?.live !== undefined) this.#intake.chase(source, source.live)
    if (this.#ending.isOverdue) this.finishNow()
    this.#settle()
  }

  /** The program ends: what is safe stays with its journal, and the next start goes on with it. */
  async leave(): Promise<void> {
    this.#finished = true
    await this.shelf.leave(this.parts)
  }

  #begin(origin: { readonly stream: bigint; readonly position: bigint }): void {
    const source = this.#source()
    const part = this.#timeline.open(openingAt(this.head, origin, source))
    part.received.stretch(origin.position)
    part.begunAt(source?.heard(origin.stream) ?? 0n)
    if (part.first < origin.position) source?.want(part.stream, part.first, origin.position)
  }

  #restore({ state, parts }: Left): void {
    this.#timeline.restore(parts)
    this.#ending.restore(state.stopped, state.seenAt, this.#patience())
    if (this.#ending.isOverdue) this.finishNow()
  }

  /** Asks a session that knows nothing of the take for what it misses. Call when the node's session is another one. */
  join(source: TakeSource): void {
    askForAll(this.parts, source)
  }

  /** Seals the files that are complete; the take is done with the last one. */
  #settle(): void {
    for (const part of this.parts)
      if (part.state === 'open' && this.#isClosed(part) && part.pending().length === 0) this.#seal(part)
    if (!this.stopped || this.#finished || this.parts.some((p) => p.state !== 'sealed')) return
    this.#finished = true
    void this.shelf.close().then(() => this.#done.resolve())
  }

  #seal(part: Part): void {
    part.state = 'sealing'
    const measure: MeasurePart = async (...what) => this.#measure?.(...what)
    const facts = { clock: this.#source()?.clock, fault: this.#fault, measure }
    void this.shelf.seal(part, this.markers, facts).then(() => {
      part.state = 'sealed'
      this.#settle()
    })
  }

  #isClosed(part: Part): boolean {
    const end = this.stopped || this.complete ? least(part.seam, this.#intake.endOf(part.stream)) : part.seam
    return part.over || (end !== undefined && part.received.end >= end)
  }

  #patience(): number {
    const seconds = this.#source()?.ringSeconds ?? this.head.ringSeconds
    return seconds > 0 ? seconds * 1000 + GRACE_MS : NO_RING_MS
  }

  /** The disk refused: what was written is finished as it is. */
  #fail(fault: Fault): void {
    if (this.#fault) return
    this.#fault = fault
    for (const part of this.parts) if (part.state === 'open') part.keepWritten()
    if (!this.stopped) {
      const ends = new Map(this.parts.map((part) => [part.stream, part.received.end]))
      this.shelf.note({ t: 'stop', at: this.#ending.stop(undefined, ends, 0), ends })
    }
    this.#settle()
    this.#failed?.(fault)
  }
}
