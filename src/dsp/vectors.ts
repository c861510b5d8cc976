/** What is done to one sample or bin after another and needs no memory of those before. */
import { powerToDb } from './decibel.ts'
import { FORGOTTEN, LEAST_COVER, TINY, WHOLE_COVER } from './time-weighting.ts'

export { decodePlanar } from '#shared/pcm.ts'

/** The largest positive 16-bit value: a converter at its positive end never gives 1. */
export const CLIP_LEVEL = 32767 / 32768

export interface LevelSums {
  energy: number
  sum: number
  /** Largest finite magnitude. */
  peak: number
  /** Samples at full scale or beyond. */
  clips: number
}

/** Copies `from[at..at + frames)` to `to[place..)`. */
export function copySamples(from: Float32Array, at: number, to: Float32Array, place: number, frames: number): void {
  for (let i = 0; i < frames; i++) to[place + i] = from[at + i]!
}

/** Adds `plane[from..to)` to `sums`, and the clipping of `captured`, which is the same sound as the converter gave it. */
export function addLevels(
  plane: Float32Array,
  captured: Float32Array,
  from: number,
  to: number,
  sums: LevelSums,
): void {
  let { energy, sum, peak, clips } = sums
  for (let i = from; i < to; i++) {
    const x = plane[i]!
    const size = Math.abs(x)
    energy += x * x
    sum += x
    if (size > peak && size < Infinity) peak = size
    if (Math.abs(captured[i]!) >= CLIP_LEVEL) clips++
  }
  sums.energy = energy
  sums.sum = sum
  sums.peak = peak
  sums.clips = clips
}

/** Whether a sample of `plane[from..to)` is at full scale or beyond. */
export function clips(plane: Float32Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (Math.abs(plane[i]!) >= CLIP_LEVEL) return true
  return false
}

/** Moves `average` by `share` of the way to `values`. */
export function blend(average: Float64Array, values: Float64Array, share: number): void {
  for (let k = 0; k < values.length; k++) average[k] = average[k]! * (1 - share) + values[k]! * share
}

const LARGEST_FLOAT = 3.4028234663852886e38

/** Powers to dB, in place; 0 and less become -Infinity, what is too large for a float 385 dB. */
export function powersToDb(values: Float32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) values[i] = powerToDb(Math.min(values[i]!, LARGEST_FLOAT))
}

/** See band-levels.ts. */
export interface LevelRows {
  readonly bands: number
  /** Shares of a new block in F and S. */
  readonly fast: number
  readonly slow: number
  /** Rows of `bands` values: how much of F was heard, F, the same of S, sum of powers, blocks in it, largest F. */
  readonly values: Float64Array
}

/** A block in which all bands were heard; `counts` towards sum and largest. */
export function hearPowers(rows: LevelRows, powers: Float64Array, counts: boolean): void {
  for (let band = 0; band < rows.bands; band++) hearPower(rows, band, powers, counts)
}

/** The same for one band. */
export function hearPower(rows: LevelRows, band: number, powers: Float64Array, counts: boolean): void {
  const { bands, fast, slow, values } = rows
  const power = powers[band]!
  const f = values[band + bands]! + fast * (power - values[band + bands]!)
  const s = values[band + 3 * bands]! + slow * (power - values[band + 3 * bands]!)
  values[band] = values[band]! + fast * (1 - values[band]!)
  values[band + bands] = f < TINY ? 0 : f
  values[band + 2 * bands] = values[band + 2 * bands]! + slow * (1 - values[band + 2 * bands]!)
  values[band + 3 * bands] = s < TINY ? 0 : s
  if (!counts) return
  values[band + 4 * bands] = values[band + 4 * bands]! + power
  values[band + 5 * bands] = values[band + 5 * bands]! + 1
  if (f > values[band + 6 * bands]!) values[band + 6 * bands] = f
}

/** See time-weighting.ts. */
export interface TickRows {
  /** Shares of a new tick in F, S and I, and what is left of a held impulse after it. */
  readonly fast: number
  readonly slow: number
  readonly impulse: number
  readonly fall: number
  /**
   * Rows of eight values, F and S of A, of C and of Z, then I of A: how much of the window was heard, mean, largest and least;
   * then the held impulse over what was heard, and the same with silence for what was not.
   */
  readonly values: Float64Array
}

const ROW = 8
const IMPULSE = 6
const HELD = 4 * ROW

/** `powers`: A, C, Z, share that was heard. */
export function hearTick(rows: TickRows, powers: Float64Array, counts: boolean): void {
  const { values } = rows
  const share = powers[3]!
  for (let i = 0; i <= IMPULSE; i++) {
    const step = i === IMPULSE ? rows.impulse : i % 2 === 0 ? rows.fast : rows.slow
    const power = i === IMPULSE ? powers[0]! : powers[i >> 1]!
    const cover = values[i]! + step * (share - values[i]!)
    const mean = values[ROW + i]! + step * (power - values[ROW + i]!)
    const forgotten = share === 0 && cover < FORGOTTEN
    values[i] = forgotten ? 0 : cover
    values[ROW + i] = forgotten || mean < TINY ? 0 : mean
  }
  const cover = values[IMPULSE]!
  const mean = values[ROW + IMPULSE]!
  const known = cover >= LEAST_COVER
  const average = known ? mean / cover : 0
  // What was held before a gap that the average does not bridge is forgotten with it.
  const fall = mean > 0 || known ? rows.fall : 0
  const held = values[HELD]! * fall
  const least = values[HELD + 1]! * fall
  values[HELD] = held > average && held > TINY ? held : average
  values[HELD + 1] = least > mean && least > TINY ? least : mean
  if (!counts) return
  for (let i = 0; i <= IMPULSE; i++) {
    const surely = i === IMPULSE ? values[HELD + 1]! : values[ROW + i]!
    if (surely > values[2 * ROW + i]!) values[2 * ROW + i] = surely
    if (values[i]! < WHOLE_COVER) continue
    const now = i === IMPULSE ? values[HELD] : values[ROW + i]! / values[i]!
    if (now < values[3 * ROW + i]!) values[3 * ROW + i] = now
  }
}
