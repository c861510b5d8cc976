/** What the session tells of sound that was lost or held up, put down to where that happened. */
import { NS_PER_SECOND, type Clock } from '#shared/clock.ts'
import type { Gap, LostRange } from '#engine/tracker.ts'
import { LOST_NS } from '#engine/presence.ts'
import { Interruption } from './interruption.ts'
import { LinkWatch } from './link-watch.ts'
import { Losses } from './losses.ts'

/** A tick that comes this late means that this computer was busy or asleep. */
const BUSY_NS = 3n * NS_PER_SECOND
/** Arrivals do not tell a shorter pause between two streams. */
const MIN_INTERRUPTION_NS = NS_PER_SECOND / 20n

export class Forensics {
  readonly losses = new Losses()
  readonly watch = new LinkWatch()
  readonly #interruption = new Interruption()
  readonly #clock: Clock
  /** Frames a second of a stream. */
  readonly #rateOf: (stream: bigint) => number
  #tickAt: bigint | undefined
  /** Until then what is missing is put down to this computer, which did not get round to listening. */
  #busyUntil = 0n

  constructor(clock: Clock, rateOf: (stream: bigint) => number) {
    this.#clock = clock
    this.#rateOf = rateOf
  }

  /** Call once a second. */
  tick(now: bigint): void {
    if (this.#tickAt !== undefined && now - this.#tickAt > BUSY_NS) this.#busyUntil = now + LOST_NS
    this.#tickAt = now
    this.watch.tick(now)
  }

  /** Live sound is missing; `needed`: it is being asked for, if there is anything to ask. */
  missing(gap: Gap, needed: boolean): void {
    const busy = this.#clock.monotonicNs() < this.#busyUntil
    const stage = gap.cause === 'capture' ? 'capture' : busy ? 'session' : 'network'
    if (stage !== 'capture') this.watch.gap()
    this.losses.missed(this.#utcMs(), gap, this.#rateOf(gap.stream), stage, needed)
  }

  /** The disk of a recording was too slow for these frames, which it wants again later. */
  unwritten(stream: bigint, from: bigint, to: bigint): void {
    this.losses.missed(this.#utcMs(), { stream, from, to }, this.#rateOf(stream), 'disk', true)
  }

  lost(range: LostRange): void {
    this.losses.lost(this.#utcMs(), range, this.#rateOf(range.stream))
  }

  /** Another stream followed `stream`, of which nothing had been heard for `silentNs`. */
  followed(stream: bigint, silentNs: bigint): void {
    this.#interrupted(stream, this.#interruption.followed(stream, silentNs))
  }

  /** `stream` is over; of the silence behind it `capturedNs` was captured. */
  ended(stream: bigint, capturedNs: bigint): void {
    this.#interrupted(stream, this.#interruption.ended(stream, capturedNs))
  }

  #interrupted(stream: bigint, lengthNs: bigint | undefined): void {
    if (lengthNs === undefined || lengthNs < MIN_INTERRUPTION_NS) return
    const rate = this.#rateOf(stream)
    const frames = Math.round((Number(lengthNs) / 1e9) * rate)
    this.losses.note(this.#utcMs(), 'capture', frames, rate, 'not captured, the node or its microphone began anew')
  }

  #utcMs(): number {
    return Number(this.#clock.utcNs() / 1_000_000n)
  }
}
