/** What is read from a spectrum on a log axis: smoothing, peaks, harmonics, distances. Levels in dB. */

const PROMINENCE_DB = 6
/** What is more than this below the highest is no peak that anybody looks for. */
const PEAK_SPAN_DB = 90
/** The first side lobe of a Hann window lies 1.7 of its bandwidths beside the tone, those of the others nearer; the next ones are one bin apart. */
const SKIRT_BANDWIDTHS = 2.5
const HARMONICS = 10

/** Columns of an octave, of `columns` evenly spaced on a log axis from `low` to `high` Hz. */
export function columnsPerOctave(low: number, high: number, columns: number): number {
  return (columns - 1) / Math.log2(high / low)
}

/**
 * Mean power over `width` columns around each, in dB; of those there are, at the ends. Reads and writes from `at` on;
 * `sums` has room for one number more than `out`.
 */
export function smooth(from: Float32Array, at: number, width: number, sums: Float64Array, out: Float64Array): void {
  const count = out.length
  sums[0] = 0
  for (let i = 0; i < count; i++) sums[i + 1] = sums[i]! + 10 ** (from[at + i]! / 10)
  const upTo = (x: number): number => {
    const k = Math.min(Math.floor(x), count - 1)
    return sums[k]! + (x - k) * (sums[k + 1]! - sums[k]!)
  }
  for (let i = 0; i < count; i++) {
    const left = Math.max(0, i + 0.5 - width / 2)
    const right = Math.min(count, i + 0.5 + width / 2)
    const power = (upTo(right) - upTo(left)) / (right - left)
    out[i] = power > 0 ? 10 * Math.log10(power) : -Infinity
  }
}

/** Levels of columns, and where they lie. */
export interface Curve {
  readonly levels: ArrayLike<number>
  /** Of each column, Hz, rising. */
  readonly frequencies: ArrayLike<number>
  /** Bandwidth in which noise is read, Hz. */
  readonly bandwidth: number
  /** A peak stands out by so much, dB, from what lies between it and higher ones. */
  readonly prominence?: number
}

/** The nearest peak beyond `from` in `direction`; undefined where there is none. */
export function nextPeak(curve: Curve, from: number, direction: -1 | 1): number | undefined {
  const { levels } = curve
  let highest = -Infinity
  for (let i = 0; i < levels.length; i++) highest = Math.max(highest, levels[i]!)
  // Silence has none.
  if (highest === -Infinity) return undefined
  for (let i = from + direction; i >= 0 && i < levels.length; i += direction)
    if (levels[i]! >= highest - PEAK_SPAN_DB && isPeak(curve, i)) return i
  return undefined
}

/**
 * Nothing is higher as near as the window can tell apart, or spreads to: of a tone's skirt no part is a peak. And on both sides
 * it goes down by the prominence before it goes higher up.
 */
function isPeak({ levels, frequencies, bandwidth, prominence = PROMINENCE_DB }: Curve, place: number): boolean {
  const level = levels[place]!
  // Of a flat top the left end is the peak.
  if (place > 0 && levels[place - 1]! >= level) return false
  for (const direction of [-1, 1]) {
    let lowest = level
    for (let i = place + direction; i >= 0 && i < levels.length; i += direction) {
      if (levels[i]! > level) {
        if (Math.abs(frequencies[i]! - frequencies[place]!) <= SKIRT_BANDWIDTHS * bandwidth) return false
        break
      }
      lowest = Math.min(lowest, levels[i]!)
    }
    if (level - lowest < prominence) return false
  }
  return true
}

/** The second to the tenth harmonic of `hz` up to `highest`. */
export function harmonics(hz: number, highest: number): number[] {
  const all = Array.from({ length: HARMONICS - 1 }, (_, i) => (i + 2) * hz)
  return all.filter((one) => one <= highest)
}
