/** Time weightings F, S and I (IEC 61672-1, 5.8; I as in the former IEC 60651). */
import type { Kernels } from './kernels.ts'
import type { TickRows } from './vectors.ts'

export const FAST_S = 0.125
export const SLOW_S = 1
const IMPULSE_S = 0.035
/** Time in which a held impulse falls to 1/e: 2.9 dB/s. */
const IMPULSE_FALL_S = 1.5

/** An average is one while at least this share of its window was heard, as in sliding-mean.ts. */
export const LEAST_COVER = 0.5
/** From this share on it is good for a minimum. */
export const WHOLE_COVER = 0.9
/** When so little of the window was heard, it is forgotten: a gap of seven time constants. */
export const FORGOTTEN = 1e-3
/** A mean this small is on its way to denormal numbers. */
export const TINY = 1e-100

/** In the order of `TIME_WEIGHTINGS`: where their values lie in the rows. A pair of F and S lies side by side. */
const PLACES = [0, 1, 6, 2, 3, 4, 5] as const
export const TIME_WEIGHTINGS = ['LAF', 'LAS', 'LAI', 'LCF', 'LCS', 'LZF', 'LZS'] as const
/** Values of a row, and rows in `TickRows`. */
const ROW = 8
const IMPULSE = 6

/**
 * The time weightings of one channel, renewed once a tick, with their extremes since reset. F and S are exponential averages of
 * power: the window that weighs the past by exp(-age / tau). I is such an average of 35 ms, and of it a peak that falls by 2.9 dB/s.
 *
 * Lost sound is neither sound nor silence: `now` is over what was heard in the window, and there is one only while that
 * is at least half of it. Maxima take what was lost, and all before the stream began, for silence: what was surely reached,
 * so that a few milliseconds beside a gap do not set one.
 */
export class TimeWeightings {
  readonly #rows: TickRows
  readonly #vectors: Kernels['vectors']

  /** Time of a tick, s. */
  constructor(tick: number, kernels: Kernels) {
    this.#vectors = kernels.vectors
    this.#rows = {
      fast: -Math.expm1(-tick / FAST_S),
      slow: -Math.expm1(-tick / SLOW_S),
      impulse: -Math.expm1(-tick / IMPULSE_S),
      fall: Math.exp(-tick / IMPULSE_FALL_S),
      values: kernels.bins(4 * ROW + 2),
    }
    this.reset()
  }

  /**
   * Adds a tick. `powers`: energy of A, C and Z per tick's time, then the share of it that was heard (energy is of that alone).
   * `counts`: towards the extremes.
   */
  push(powers: Float64Array, counts: boolean): void {
    this.#vectors.hearTick(this.#rows, powers, counts)
  }

  /** Power of a weighting, by its place in `TIME_WEIGHTINGS`; 0 while it is not known. */
  now(weighting: number): number {
    const { values } = this.#rows
    const place = PLACES[weighting]!
    if (!this.known(weighting)) return 0
    return place === IMPULSE ? values[4 * ROW]! : values[ROW + place]! / values[place]!
  }

  known(weighting: number): boolean {
    return this.#rows.values[PLACES[weighting]!]! >= LEAST_COVER
  }

  /** So much of its window was heard that it is good for a minimum and for statistics. */
  whole(weighting: number): boolean {
    return this.#rows.values[PLACES[weighting]!]! >= WHOLE_COVER
  }

  max(weighting: number): number {
    return this.#rows.values[2 * ROW + PLACES[weighting]!]!
  }

  /** Infinity while there is none. */
  min(weighting: number): number {
    return this.#rows.values[3 * ROW + PLACES[weighting]!]!
  }

  reset(): void {
    const { values } = this.#rows
    values.fill(0, 2 * ROW, 3 * ROW)
    values.fill(Infinity, 3 * ROW, 4 * ROW)
  }
}
