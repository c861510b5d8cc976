/** How a peak moves on a screen: up at once, held, then down at the pace of a programme meter. */

/** IEC 60268-18: 20 dB in 1.7 s. */
export const FALL_DB_PER_S = 20 / 1.7
/** Long enough to read a figure. */
export const HOLD_S = 1.5

export class PeakBallistics {
  /** Where the bar ends, dB. */
  bar = -Infinity
  /** The highest of the time that peaks are held, dB; then it falls like the bar. */
  hold = -Infinity
  readonly #holdMs: number
  #heldAt = 0
  #at = 0

  constructor(holdSeconds = HOLD_S) {
    this.#holdMs = holdSeconds * 1000
  }

  /** `peak` is the highest since the last call, dB; `now` in ms. */
  update(peak: number, now: number): void {
    const fall = (Math.max(0, now - this.#at) / 1000) * FALL_DB_PER_S
    this.#at = now
    this.bar = Math.max(peak, this.bar - fall)
    if (peak >= this.hold) {
      this.hold = peak
      this.#heldAt = now
    } else if (now - this.#heldAt > this.#holdMs) this.hold = Math.max(this.bar, this.hold - fall)
  }

  /** No sound comes in any more. */
  clear(): void {
    this.bar = -Infinity
    this.hold = -Infinity
  }
}
