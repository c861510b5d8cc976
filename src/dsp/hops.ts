/** Hops a second: meters form their sums over 10 ms, unless they ask for another grid. */
export const HOPS_PER_SECOND = 100

/**
 * Cuts a stream into hops of 10 ms, or `perSecond` of them. Hop k ends at frame floor((k + 1) × rate / perSecond), whatever the
 * size of the blocks that come: sums kept per hop, and all that follows from them, do not depend on how sound was packed.
 */
export class Hops {
  readonly #rate: number
  readonly #perSecond: number
  /** Fractions of a frame, in hops a second, by which the hops so far fell short, for rates that do not divide. */
  #rest = 0
  #left: number

  /** `rate` in frames a second. */
  constructor(rate: number, perSecond = HOPS_PER_SECOND) {
    this.#rate = rate
    this.#perSecond = perSecond
    this.#left = this.#next()
  }

  /** Frames until the hop ends, at least 1. */
  get left(): number {
    return this.#left
  }

  /** Moves on by 1 to `left` frames; true when that ended the hop. */
  advance(frames: number): boolean {
    this.#left -= frames
    if (this.#left > 0) return false
    this.#left = this.#next()
    return true
  }

  /**
   * A gap of `frames`, shortened by whole seconds to less than `seconds` + 1: what a meter with a window of `seconds`
   * needs to see of it. A second is a whole number of hops at any rate, so hops after the gap end where they would have.
   */
  shorten(frames: number, seconds: number): number {
    const surplus = Math.floor(frames / this.#rate) - seconds
    return surplus > 0 ? frames - surplus * this.#rate : frames
  }

  #next(): number {
    const fractions = this.#rate + this.#rest
    this.#rest = fractions % this.#perSecond
    return (fractions - this.#rest) / this.#perSecond
  }
}
