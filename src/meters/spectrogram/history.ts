/** What a screen has of a spectrogram: the columns of the last minutes, collected from readings. */
import type { StreamShape } from '#meters/meter.ts'
import { COLUMNS, COUNT_MODULUS, ROWS, columnSeconds } from './meter.ts'

/** The longest that is shown. */
export const LONGEST_S = 300

/** What a column is: never seen, because nobody looked; heard; or lost on its way. */
export type Kind = 'unseen' | 'heard' | 'lost'
const KINDS: readonly Kind[] = ['unseen', 'heard', 'lost']

export class SpectrogramHistory {
  readonly columns: number
  /** Columns since the first, the newest included: the number of the next one. */
  head = 0
  readonly #levels: Float32Array
  readonly #kinds: Uint8Array
  #count: number | undefined

  constructor(columns: number) {
    this.columns = columns
    this.#levels = new Float32Array(columns * ROWS).fill(-Infinity)
    this.#kinds = new Uint8Array(columns)
  }

  /** Number of the oldest column that is still there. */
  get oldest(): number {
    return Math.max(0, this.head - this.columns)
  }

  /** As in the spectrum, dB re full scale; -Infinity for silence and where there is nothing. */
  level(column: number, row: number): number {
    return this.#has(column) ? this.#levels[(column % this.columns) * ROWS + row]! : -Infinity
  }

  kind(column: number): Kind {
    return this.#has(column) ? KINDS[this.#kinds[column % this.columns]!]! : 'unseen'
  }

  /** Takes what is new in a reading: the count, its newest columns, and which of them were lost. Returns how many were new. */
  take(count: number, newest: Float32Array, lost: Float32Array): number {
    const passed = this.#count === undefined ? COLUMNS : (count - this.#count + COUNT_MODULUS) % COUNT_MODULUS
    // The meter began, or began anew: of the columns before that there is nothing.
    const begun = this.#count === undefined || passed > this.columns
    this.#count = count
    // Of a longer time nothing is left but that it passed.
    const moved = Math.min(passed, this.columns)
    for (let i = moved; i > 0; i--) {
      const place = COLUMNS - i
      if (place < 0) this.#append('unseen')
      else if (lost[place] === 1) this.#append('lost')
      else this.#append(begun && i > count ? 'unseen' : 'heard', newest, place * ROWS)
    }
    return moved
  }

  #append(kind: Kind, from?: Float32Array, at = 0): void {
    const place = this.head % this.columns
    const to = place * ROWS
    if (from) for (let row = 0; row < ROWS; row++) this.#levels[to + row] = from[at + row]!
    else this.#levels.fill(-Infinity, to, to + ROWS)
    this.#kinds[place] = KINDS.indexOf(kind)
    this.head++
  }

  #has(column: number): boolean {
    return column >= this.oldest && column < this.head
  }
}

const HISTORIES = new WeakMap<StreamShape, SpectrogramHistory>()

/** Of a feed's shape, which is the same object as long as the node sends the same: it outlives pictures and calibrations. */
export function historyOf(shape: StreamShape): SpectrogramHistory {
  const known = HISTORIES.get(shape)
  if (known) return known
  const made = new SpectrogramHistory(Math.round(LONGEST_S / columnSeconds(shape)))
  HISTORIES.set(shape, made)
  return made
}
