import { LoudnessHistogram } from './loudness-histogram.ts'

/** The relative gate lies 20 LU below the mean power of the values above the absolute gate. */
const RELATIVE_RATIO = 0.01
const LOW = 0.1
const HIGH = 0.95

/**
 * Loudness range, EBU Tech 3342, of any length of sound in fixed memory: how far the 95th percentile of short-term loudness
 * lies above the 10th, gated at -70 LUFS and 20 LU below the mean. Exact within 0.01 LU.
 */
export class LoudnessRange {
  readonly #values = new LoudnessHistogram()
  #stale = false
  #range = -Infinity

  /** Adds the channel-weighted mean square of a whole short-term window (3 s); at least ten a second. */
  add(meanSquare: number): void {
    this.#values.add(meanSquare)
    this.#stale = true
  }

  /** LU; -Infinity (no figure) while there is no value above the gates. */
  get range(): number {
    if (this.#stale) {
      this.#values.gate(RELATIVE_RATIO)
      const low = this.#values.percentile(LOW)
      this.#range = low === -Infinity ? -Infinity : this.#values.percentile(HIGH) - low
    }
    this.#stale = false
    return this.#range
  }

  reset(): void {
    this.#values.reset()
    this.#stale = false
    this.#range = -Infinity
  }
}
