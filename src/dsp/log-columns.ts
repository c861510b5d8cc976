import { powerToDb } from './decibel.ts'

/** Centre frequencies, Hz, of `columns` columns evenly spaced on a log axis from `low` to `high`, both included. */
export function logFrequencies(low: number, high: number, columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, i) => low * (high / low) ** (i / (columns - 1)))
}

/**
 * A power spectrum on a log axis. A column reads the largest level within its span, peaks between bins included by the
 * parabola through the three bins around them. Where columns are narrower than bins (the bass) the curve between bins is
 * a cubic through the levels of four, so that no bin is drawn twice as a step.
 */
export class LogColumns {
  readonly #centre: Float64Array
  readonly #first: Uint32Array
  readonly #end: Uint32Array
  readonly #last: number

  /** `frequencies` as from `logFrequencies`; `binWidth` in Hz; bins 0 to `bins` - 1. */
  constructor(frequencies: Float64Array, binWidth: number, bins: number) {
    const ratio = Math.sqrt(frequencies[1]! / frequencies[0]!)
    this.#last = bins - 1
    this.#centre = frequencies.map((f) => Math.min(f / binWidth, this.#last))
    this.#first = Uint32Array.from(this.#centre, (x) => Math.max(1, Math.ceil(x / ratio)))
    this.#end = Uint32Array.from(this.#centre, (x) => Math.min(this.#last, Math.ceil(x * ratio)))
  }

  /** Levels in dB of the columns from the power of the bins. */
  write(power: Float64Array, out: Float32Array): void {
    for (let c = 0; c < this.#centre.length; c++) {
      const end = this.#end[c]!
      let peak = this.#first[c]!
      if (end - peak < 2) {
        out[c] = this.#between(power, this.#centre[c]!)
        continue
      }
      for (let k = peak + 1; k < end; k++) if (power[k]! > power[peak]!) peak = k
      out[c] = parabolaTop(powerToDb(power[peak - 1]!), powerToDb(power[peak]!), powerToDb(power[peak + 1]!))
    }
  }

  #between(power: Float64Array, x: number): number {
    const k = Math.min(Math.floor(x), this.#last - 1)
    const t = x - k
    const b = powerToDb(power[k]!)
    const c = powerToDb(power[k + 1]!)
    const a = k > 0 ? powerToDb(power[k - 1]!) : b
    const d = k + 2 <= this.#last ? powerToDb(power[k + 2]!) : c
    const cubic = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return Number.isFinite(cubic) ? cubic : Math.max(b, c)
  }
}

/** Top of the parabola through three levels one bin apart; the middle one where it is not the largest. */
function parabolaTop(before: number, middle: number, after: number): number {
  const bend = before - 2 * middle + after
  if (!(bend < 0) || !Number.isFinite(bend) || before > middle || after > middle) return middle
  return middle - (before - after) ** 2 / (8 * bend)
}
