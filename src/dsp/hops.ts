/** Hops a second: meters form their sums over 10 ms. */
export const HOPS_PER_SECOND = 100

/**
 * Cuts a stream into hops of 10 ms. Hop k ends at frame floor((k + 1) × rate / 100) of the stream, whatever the size of
 * the blocks that come: sums kept per hop, and all that follows from them, do not depend on how sound was packed.
 */
export class Hops {
  readonly #rate: number
  /** Hundredths of a frame by which the hops so far fell short, for rates that 100 does not divide. */
  #rest = 0
  #left: number

  /** `rate` in frames a second. */
  constructor(rate: number) {
    this.#rate = rate
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
   * needs to see of it. A second is 100 hops at any rate, so hops after the gap end where they would have.
   */
  shorten(frames: number, seconds: number): number {
    const surplus = Math.floor(frames / this.#rate) - seconds
    return surplus > 0 ? frames - surplus * this.#rate : frames
  }

  #next(): number {
    const hundredths = this.#rate + this.#rest
    this.#rest = hundredths % HOPS_PER_SECOND
    return (hundredths - this.#rest) / HOPS_PER_SECOND
  }
}
