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
  #low = -Infinity
  #high = -Infinity

  /** Adds the channel-weighted mean square of a whole short-term window (3 s); at least ten a second. */
  add(meanSquare: number): void {
    this.#values.add(meanSquare)
    this.#stale = true
  }

  /** LU; -Infinity (no figure) while there is no value above the gates. */
  get range(): number {
    return this.low === -Infinity ? -Infinity : this.high - this.low
  }

  /** LUFS, the ends of the range; -Infinity while there is none. */
  get low(): number {
    this.#evaluate()
    return this.#low
  }

  get high(): number {
    this.#evaluate()
    return this.#high
  }

  reset(): void {
    this.#values.reset()
    this.#stale = false
    this.#low = -Infinity
    this.#high = -Infinity
  }

  #evaluate(): void {
    if (!this.#stale) return
    this.#stale = false
    this.#values.gate(RELATIVE_RATIO)
    this.#low = this.#values.percentile(LOW)
    this.#high = this.#values.percentile(HIGH)
  }
}
