import { powerToDb } from './decibel.ts'

/** Classes of 0.1 dB from here up, dB; what is below shares the lowest class. */
const LOWEST_DB = -200
const HIGHEST_DB = 50
const CLASSES_PER_DB = 10
const CLASSES = (HIGHEST_DB - LOWEST_DB) * CLASSES_PER_DB + 1

/**
 * Levels exceeded for a share of the time (L10, L90 ...), of any length of sound in fixed memory (20 kB): a histogram of
 * 0.1 dB. A class stands for its middle, so an answer is within 0.05 dB of the exact one, and a steady level has the same
 * L1 and L99.
 */
export class LevelStatistics {
  readonly #count = new Float64Array(CLASSES)
  #total = 0
  #low = CLASSES
  #high = -1

  /** Adds one sample of a level by its power. */
  add(power: number): void {
    const at = Math.round((powerToDb(power) - LOWEST_DB) * CLASSES_PER_DB)
    const place = Math.max(0, Math.min(at, CLASSES - 1))
    this.#count[place]!++
    this.#total++
    this.#low = Math.min(this.#low, place)
    this.#high = Math.max(this.#high, place)
  }

  /** Writes to `out[at + i * step]` the level exceeded `percents[i]` of the time, rising percents; -Infinity for none. */
  exceeded(percents: readonly number[], out: Float32Array, at: number, step: number): void {
    let place = this.#high + 1
    let above = 0
    for (let i = 0; i < percents.length; i++) {
      const wanted = (percents[i]! / 100) * this.#total
      while (place > this.#low && (above < wanted || place > this.#high)) above += this.#count[--place]!
      out[at + i * step] = this.#total > 0 && place > 0 ? LOWEST_DB + place / CLASSES_PER_DB : -Infinity
    }
  }

  reset(): void {
    this.#count.fill(0)
    this.#total = 0
    this.#low = CLASSES
    this.#high = -1
  }
}
