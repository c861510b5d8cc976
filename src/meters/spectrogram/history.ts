/** What a screen has of a spectrogram: the columns of the last half minute, collected from readings. */
import { COLUMNS, COUNT_MODULUS, ROWS } from './meter.ts'

/** Levels are kept in 255 steps from LOWEST_DB to HIGHEST_DB; 0 is what was not heard, or not seen. */
export const LOWEST_DB = -110
export const HIGHEST_DB = -10
const STEPS = 254

export class SpectrogramHistory {
  readonly columns: number
  /** Ring of columns of `ROWS` levels each; the oldest at `at`. */
  readonly levels: Uint8Array
  at = 0
  #count: number | undefined

  constructor(columns: number) {
    this.columns = columns
    this.levels = new Uint8Array(columns * ROWS)
  }

  /** Takes what is new in a reading: the count and the newest columns of it. Returns how many columns that moved the picture on. */
  take(count: number, newest: Float32Array): number {
    const passed = this.#count === undefined ? COLUMNS : (count - this.#count + COUNT_MODULUS) % COUNT_MODULUS
    this.#count = count
    const moved = Math.min(passed, this.columns)
    for (let i = moved; i > 0; i--) this.#append(i <= COLUMNS ? newest : undefined, (COLUMNS - i) * ROWS)
    return moved
  }

  #append(from: Float32Array | undefined, at: number): void {
    const to = this.at * ROWS
    for (let row = 0; row < ROWS; row++) this.levels[to + row] = from ? step(from[at + row]!) : 0
    this.at = (this.at + 1) % this.columns
  }
}

function step(db: number): number {
  if (db === -Infinity) return 0
  const share = (db - LOWEST_DB) / (HIGHEST_DB - LOWEST_DB)
  return 1 + Math.round(STEPS * Math.max(0, Math.min(1, share)))
}
