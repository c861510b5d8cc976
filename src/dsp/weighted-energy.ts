import { type WeightingCoefficients, weightingCoefficients } from './weighting.ts'

/** Places in the state of a channel. */
const LOW = 0
const HIGH = 2
const MIDDLE = 4
const Z = 6
const LAST_C = 8
const FILTERS = 10
const ENERGY_A = 10
const ENERGY_C = 11
const ENERGY_Z = 12
const PEAK_C = 13
const STRIDE = 14

/** A state this small is inaudible by 2000 dB and on its way to denormal numbers, which cost a hundred times as much. */
const TINY = 1e-100
/** The parabola through three samples rises at most this far above the middle one. */
const MOST_BETWEEN = 1.25

/** What a channel gave since it was last taken: sums of squares, and the largest size of the C-weighted sound. */
export interface Weighted {
  a: number
  c: number
  z: number
  peakC: number
}

/**
 * A-, C- and Z-weighted energy of each channel and its C-weighted peak (IEC 61672-1, 5.5 and 5.13), in double precision:
 * the sections in the bass have their poles near 1.
 *
 * The peak lies between samples: a parabola through the largest and its neighbours finds it to 0.25 dB for tones up to a
 * sixth of the rate (8 kHz at 48 kHz), where the samples alone are up to 1.25 dB low.
 */
export class WeightedEnergy {
  readonly #filter: WeightingCoefficients
  readonly #state: Float64Array

  constructor(rate: number, channels: number) {
    this.#filter = weightingCoefficients(rate)
    this.#state = new Float64Array(channels * STRIDE)
  }

  /** Filters `plane[from..to)` of a channel and adds its squares, sample by sample. */
  process(channel: number, plane: Float32Array, from: number, to: number): void {
    const { low, high, middle, zPole } = this.#filter
    const { b0, b1, b2, a1, a2 } = high
    const { a1: l1, a2: l2 } = low
    const { a1: m1, a2: m2 } = middle
    const state = this.#state
    const at = channel * STRIDE
    let s1 = state[at + LOW]!
    let s2 = state[at + LOW + 1]!
    let h1 = state[at + HIGH]!
    let h2 = state[at + HIGH + 1]!
    let t1 = state[at + MIDDLE]!
    let t2 = state[at + MIDDLE + 1]!
    let zx = state[at + Z]!
    let zy = state[at + Z + 1]!
    let before = state[at + LAST_C]!
    let last = state[at + LAST_C + 1]!
    let energyA = state[at + ENERGY_A]!
    let energyC = state[at + ENERGY_C]!
    let energyZ = state[at + ENERGY_Z]!
    let peak = state[at + PEAK_C]!
    for (let i = from; i < to; i++) {
      const x = plane[i]!
      zy = x - zx + zPole * zy
      zx = x
      energyZ += zy * zy
      const v = x + s1
      s1 = s2 - 2 * x - l1 * v
      s2 = x - l2 * v
      const c = b0 * v + h1
      h1 = b1 * v - a1 * c + h2
      h2 = b2 * v - a2 * c
      energyC += c * c
      const a = c + t1
      t1 = t2 - 2 * c - m1 * a
      t2 = c - m2 * a
      energyA += a * a
      if (Math.abs(last) * MOST_BETWEEN > peak) peak = Math.max(peak, crest(before, last, c))
      before = last
      last = c
    }
    state[at + LOW] = s1
    state[at + LOW + 1] = s2
    state[at + HIGH] = h1
    state[at + HIGH + 1] = h2
    state[at + MIDDLE] = t1
    state[at + MIDDLE + 1] = t2
    state[at + Z] = zx
    state[at + Z + 1] = zy
    state[at + LAST_C] = before
    state[at + LAST_C + 1] = last
    state[at + ENERGY_A] = energyA
    state[at + ENERGY_C] = energyC
    state[at + ENERGY_Z] = energyZ
    state[at + PEAK_C] = peak
  }

  /**
   * Moves what a channel gave since the last call into `out`. False where samples were not finite: nothing is given then,
   * and the filters are cleared, so that they recover with the samples that follow.
   */
  take(channel: number, out: Weighted): boolean {
    const state = this.#state
    const at = channel * STRIDE
    out.a = state[at + ENERGY_A]! * this.#filter.gainA
    out.c = state[at + ENERGY_C]!
    out.z = state[at + ENERGY_Z]!
    out.peakC = state[at + PEAK_C]!
    state.fill(0, at + ENERGY_A, at + STRIDE)
    if (Number.isFinite(out.a + out.c + out.z)) {
      for (let i = at; i < at + FILTERS; i++) if (Math.abs(state[i]!) < TINY) state[i] = 0
      return true
    }
    state.fill(0, at, at + FILTERS)
    return false
  }
}

/** Size of the crest at `middle`, between its neighbours; 0 where there is none. */
function crest(before: number, middle: number, after: number): number {
  const sign = middle < 0 ? -1 : 1
  const top = sign * middle
  const left = sign * before
  const right = sign * after
  if (left > top || right > top || left < -top || right < -top) return 0
  const bend = 2 * top - left - right
  return bend > 0 ? top + (right - left) ** 2 / (8 * bend) : top
}
