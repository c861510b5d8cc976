import { powerToDb } from './decibel.ts'

/** Centre frequencies, Hz, of `columns` columns evenly spaced on a log axis from `low` to `high`, both included. */
export function logFrequencies(low: number, high: number, columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, i) => low * (high / low) ** (i / (columns - 1)))
}

/** Columns wider than this, in bins, read the largest of them; narrower ones a curve between bins. */
const WIDE = 3

/** Where columns lie, in bins, and which bins they ask for. `frequencies` and `bins` as for `LogColumns`. */
export function columnSpans(frequencies: Float64Array, binWidth: number, bins: number) {
  const ratio = Math.sqrt(frequencies[1]! / frequencies[0]!)
  const last = bins - 1
  const centre = frequencies.map((f) => Math.min(f / binWidth, last))
  const from = centre.map((x) => x / ratio)
  const to = centre.map((x) => Math.min(x * ratio, last))
  const narrow = to.filter((end, c) => end - from[c]! <= WIDE)
  /** The last bin from which a column as narrow as bins is drawn; several of them ask for each. */
  const dense = Math.min(last, Math.ceil(narrow.at(-1) ?? 0) + 2)
  return { from, centre, to, last, dense }
}

/**
 * A power spectrum on a log axis. A column reads the largest level within its span, peaks between bins included by the
 * parabola through the three bins around them. Where columns are as narrow as bins (the bass) the curve between bins is a
 * cubic through the levels of four, so that no bin is drawn twice as a step.
 */
export class LogColumns {
  /** Span and centre of each column, in bins. */
  readonly #from: Float64Array
  readonly #centre: Float64Array
  readonly #to: Float64Array
  readonly #last: number
  /** Levels of the bins, as far as columns ask for them: of all up to `#dense`, of the others around peaks. */
  readonly #levels: Float64Array
  /** Of `columnSpans`. */
  readonly #dense: number

  /** `frequencies` as from `logFrequencies`; `binWidth` in Hz; bins 0 to `bins` - 1. */
  constructor(frequencies: Float64Array, binWidth: number, bins: number) {
    const { from, centre, to, last, dense } = columnSpans(frequencies, binWidth, bins)
    this.#from = from
    this.#centre = centre
    this.#to = to
    this.#last = last
    this.#dense = dense
    this.#levels = new Float64Array(bins)
  }

  /** Levels in dB of the columns from the power of the bins. */
  write(power: Float64Array, out: Float32Array): void {
    for (let k = 0; k <= this.#dense; k++) this.#levels[k] = powerToDb(power[k]!)
    for (let c = 0; c < out.length; c++) {
      if (this.#to[c]! - this.#from[c]! > WIDE) this.#writePeak(power, c, out)
      else this.#writeCurve(power, c, out)
    }
  }

  // These take and give no fractions but through arrays: a number that is not whole is an object on its way between functions.

  #writePeak(power: Float64Array, c: number, out: Float32Array): void {
    const to = this.#to[c]!
    let peak = Math.ceil(this.#from[c]!)
    let largest = power[peak]!
    for (let k = peak + 1; k < to; k++) {
      if (power[k]! <= largest) continue
      largest = power[k]!
      peak = k
    }
    for (let k = Math.max(peak - 1, this.#dense + 1); k <= Math.min(peak + 1, this.#last); k++) {
      this.#levels[k] = powerToDb(power[k]!)
    }
    out[c] = -Infinity
    this.#raiseToTop(peak, c, false, out)
  }

  #writeCurve(power: Float64Array, c: number, out: Float32Array): void {
    this.#writeBetween(c, out)
    const end = Math.min(Math.ceil(this.#to[c]!), this.#last - 1)
    for (let k = Math.max(1, Math.floor(this.#from[c]!)); k <= end; k++) {
      if (power[k]! >= power[k - 1]! && power[k]! >= power[k + 1]!) {
        this.#raiseToTop(k, c, true, out)
      }
    }
  }

  #writeBetween(column: number, out: Float32Array): void {
    const x = this.#centre[column]!
    const k = Math.min(Math.floor(x), this.#last - 1)
    const t = x - k
    const levels = this.#levels
    const b = levels[k]!
    const c = levels[k + 1]!
    const a = k > 0 ? levels[k - 1]! : b
    const d = k + 2 <= this.#last ? levels[k + 2]! : c
    const cubic = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    // Beside a null it swings up; what is higher than both bins is a peak, and those are looked for.
    out[column] = Number.isFinite(cubic) ? Math.min(cubic, Math.max(b, c)) : Math.max(b, c)
  }

  /**
   * Raises a column to the top of the parabola through bin `k` and its neighbours, where that is a peak; otherwise to the bin
   * itself. With `within`, only if that lies in the span of the column.
   */
  #raiseToTop(k: number, c: number, within: boolean, out: Float32Array): void {
    const before = this.#levels[k - 1]!
    const middle = this.#levels[k]!
    // Beyond the last bin there is no peak.
    const after = k < this.#last ? this.#levels[k + 1]! : NaN
    const bend = before - 2 * middle + after
    const peaked = before <= middle && after <= middle && bend < 0 && Number.isFinite(bend)
    const offset = peaked ? (before - after) / (2 * bend) : 0
    if (within && (k + offset < this.#from[c]! || k + offset > this.#to[c]!)) return
    out[c] = Math.max(out[c]!, middle - ((before - after) * offset || 0) / 4)
  }
}
