/**
 * Halves the rate of a signal with a half-band filter of 19 taps: flat to 0.0002 dB up to 0.1172 of the incoming rate, and
 * from 0.3828 on, which would fold into that, at least 94.8 dB down. (Equiripple, by linear programming; every other tap but
 * the middle one is zero.)
 */
const SIDE_TAPS = [
  0.30719121079177103, -0.07664114243710786, 0.02495945550790953, -0.006439120835749424, 0.0009386597786297598,
] as const
const [T1, T3, T5, T7, T9] = SIDE_TAPS
const HISTORY = 18

/** Share of the incoming rate up to which the filter is flat. */
export const HALF_BAND_PASS = 0.1172

export class HalfBand {
  /** The last `HISTORY` samples before the block, then the block. */
  readonly #line: Float64Array

  /** `most` samples at a time, at least 2. */
  constructor(most: number) {
    this.#line = new Float64Array(HISTORY + most)
  }

  /** Replaces `samples[0..n)`, n even, by half as many. */
  process(samples: Float64Array, n: number): void {
    const line = this.#line
    for (let i = 0; i < n; i++) line[HISTORY + i] = samples[i]!
    for (let i = 0; i < n; i += 2) {
      const m = i + 9
      samples[i >> 1] =
        0.5 * line[m]! +
        T1 * (line[m - 1]! + line[m + 1]!) +
        T3 * (line[m - 3]! + line[m + 3]!) +
        T5 * (line[m - 5]! + line[m + 5]!) +
        T7 * (line[m - 7]! + line[m + 7]!) +
        T9 * (line[m - 9]! + line[m + 9]!)
    }
    line.copyWithin(0, n, n + HISTORY)
  }

  clear(): void {
    this.#line.fill(0)
  }
}
