/** What a screen has of a waveform: the columns of the longest span that can be shown, collected from readings. */
import { slotAt, type StreamShape } from '#meters/meter.ts'
import { COLUMNS, COLUMNS_PER_SECOND, COUNT_MODULUS, waveformMeter } from './meter.ts'

export const LONGEST_S = 30

/** What is known of one column of one channel, or of several columns together. */
export interface Outline {
  /** Of full scale ±1; -Infinity in `largest` where nothing was heard, or nothing seen. */
  least: number
  largest: number
  clipped: boolean
}

export class WaveformHistory {
  readonly columns = LONGEST_S * COLUMNS_PER_SECOND
  readonly channels: number
  /** Number of the column that comes next, counted from the first that this screen saw: grids of it stand still. */
  next = 0
  readonly #least: Float32Array
  readonly #largest: Float32Array
  readonly #clipped: Uint8Array
  readonly #lost: Float32Array
  readonly #slots: Readonly<Record<'lost' | 'least' | 'largest' | 'clipped', number>>
  #count: number | undefined

  constructor(shape: StreamShape) {
    const layout = waveformMeter.layout(shape)
    const at = (name: string): number => slotAt(layout, name).at
    this.channels = shape.channels
    this.#least = new Float32Array(this.columns * shape.channels).fill(-Infinity)
    this.#largest = new Float32Array(this.columns * shape.channels).fill(-Infinity)
    this.#clipped = new Uint8Array(this.columns * shape.channels)
    this.#lost = new Float32Array(this.columns)
    this.#slots = { lost: at('lost'), least: at('least'), largest: at('largest'), clipped: at('clipped') }
  }

  /** Takes what is new in a reading of the meter. Returns how many columns that moved the picture on. */
  take(reading: Float32Array): number {
    const count = reading[0]!
    const passed = this.#count === undefined ? COLUMNS - 1 : (count - this.#count + COUNT_MODULUS) % COUNT_MODULUS
    this.#count = count
    const moved = Math.min(passed, this.columns)
    for (let i = moved; i > 0; i--)
      this.#append(reading, i < COLUMNS ? (count - i + COUNT_MODULUS) % COLUMNS : undefined)
    return moved
  }

  /** Share of a column that was lost; 0 for what is not kept. */
  lost(column: number): number {
    return this.#kept(column) ? this.#lost[column % this.columns]! : 0
  }

  /** Writes to `out` what is known of the columns `from` up to `to` of a channel together. */
  outline(channel: number, from: number, to: number, out: Outline): void {
    out.least = Infinity
    out.largest = -Infinity
    out.clipped = false
    for (let column = from; column < to; column++) {
      if (!this.#kept(column)) continue
      const place = channel * this.columns + (column % this.columns)
      const largest = this.#largest[place]!
      if (largest === -Infinity) continue
      out.largest = Math.max(out.largest, largest)
      out.least = Math.min(out.least, this.#least[place]!)
      if (this.#clipped[place] === 1) out.clipped = true
    }
  }

  #kept(column: number): boolean {
    return column >= 0 && column < this.next && column >= this.next - this.columns
  }

  /** `from`: its place in each run of the reading; undefined for a column that no reading had. */
  #append(reading: Float32Array, from: number | undefined): void {
    const to = this.next % this.columns
    const { lost, least, largest, clipped } = this.#slots
    this.#lost[to] = from === undefined ? 0 : reading[lost + from]!
    for (let c = 0; c < this.channels; c++) {
      const place = c * this.columns + to
      this.#least[place] = from === undefined ? -Infinity : reading[least + c * COLUMNS + from]!
      this.#largest[place] = from === undefined ? -Infinity : reading[largest + c * COLUMNS + from]!
      this.#clipped[place] = from === undefined ? 0 : reading[clipped + c * COLUMNS + from]!
    }
    this.next++
  }
}
