/** What is done to one sample or bin after another and needs no memory of those before. */
import { powerToDb } from './decibel.ts'
import { TINY } from './time-weighting.ts'

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
