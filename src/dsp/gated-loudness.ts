import { LoudnessHistogram } from './loudness-histogram.ts'

/** The relative gate lies 10 LU below the loudness of the blocks above the absolute gate. */
const RELATIVE_RATIO = 0.1

/**
 * Gated (integrated) loudness, BS.1770-5 annex 1, of any length of sound in fixed memory. The absolute gate, the relative
 * threshold and the mean are exact, but for the one bin of 0.01 LU that holds the threshold.
 */
export class GatedLoudness {
  readonly #blocks = new LoudnessHistogram()
  #stale = false

  /** Adds a gating block of 400 ms by its channel-weighted mean square. */
  add(meanSquare: number): void {
    this.#blocks.add(meanSquare)
    this.#stale = true
  }

  /** LUFS; -Infinity while no block is above the gates. */
  get integrated(): number {
    if (this.#stale) this.#blocks.gate(RELATIVE_RATIO)
    this.#stale = false
    return this.#blocks.gatedMean()
  }

  reset(): void {
    this.#blocks.reset()
    this.#stale = false
  }
}
