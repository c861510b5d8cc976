/** A level axis in what the calibration makes of it: which part of it is shown, where its marks are. */
import type { Looks } from './remembered.ts'

/** Marks are so far apart at least, CSS px. */
const LEAST_MARK_PX = 22
const TOP_STEP_DB = 10
const HEADROOM_DB = 5
const LOWER_AFTER_MS = 5000

export const LEVEL_LOOKS = {
  range: { title: 'Range', values: ['120', '100', '80', '60'], initial: '120', say: (db) => `${db} dB` },
  top: {
    title: 'Top of the axis',
    values: ['0', '-20', '-40', '-60', 'auto'],
    initial: '0',
    say: (top) => ({ auto: 'Follows the sound', '0': 'Full scale' })[top] ?? `Full scale − ${-Number(top)} dB`,
  },
} as const satisfies Looks

/** Whole tens of what the axis says, or twenties or forties where there is no room. */
export function levelMarks(low: number, high: number, shiftDb: number, height: number): number[] {
  const step = [10, 20, 40].find((db) => (db / (high - low)) * height >= LEAST_MARK_PX) ?? 60
  const first = Math.ceil((low + shiftDb) / step - 1e-9)
  const last = Math.floor((high + shiftDb) / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step - shiftDb)
}

/** The upper end of an axis that follows the sound: up at once, in whole tens, down when it was lower for a while. */
export class AutoTop {
  readonly #silent: number
  #top: number | undefined
  #lowerSince: number | undefined

  /** `silent`: the end before there was any sound. */
  constructor(silent: number) {
    this.#silent = silent
  }

  /** `highest` now; `now` in ms. Silence changes nothing. */
  update(highest: number, now: number): number {
    if (highest === -Infinity) return this.#top ?? this.#silent
    const wanted = Math.ceil((highest + HEADROOM_DB) / TOP_STEP_DB) * TOP_STEP_DB
    if (this.#top === undefined || wanted > this.#top) this.#set(wanted)
    else if (wanted >= this.#top - TOP_STEP_DB) this.#lowerSince = undefined
    else {
      this.#lowerSince ??= now
      if (now - this.#lowerSince >= LOWER_AFTER_MS) this.#set(wanted)
    }
    return this.#top!
  }

  #set(top: number): void {
    this.#top = top
    this.#lowerSince = undefined
  }
}
