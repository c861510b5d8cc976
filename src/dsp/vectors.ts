/** What is done to one sample or bin after another and needs no memory of those before. */
import { powerToDb } from './decibel.ts'

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
