import { type Band, type BandFilter, designBand, thirdOctaves } from './bands.ts'
import { HALF_BAND_PASS, HalfBand } from './half-band.ts'

/** One rate of the bank: bands `first..end` run at it. */
interface Stage {
  readonly first: number
  readonly end: number
}

/** How the bands share rates: stage s runs at `rate` / 2^s, and a block is one sample of the last stage. */
export interface BankPlan {
  readonly bands: readonly Band[]
  readonly filters: readonly BandFilter[]
  readonly stages: readonly Stage[]
  /** Frames of a block, a power of two: 5 to 11 ms. */
  readonly block: number
}

/**
 * Each band runs at the lowest rate that the half-band filter before it leaves whole: the top bands at `rate`, below them
 * three at each half of it. That is a sixth of the work of all bands at the full rate.
 */
export function planBank(rate: number): BankPlan {
  const bands = thirdOctaves(rate)
  const stageOf = bands.map(({ high }) => {
    let stage = 0
    while (high <= (HALF_BAND_PASS * rate) / 2 ** stage) stage++
    return stage
  })
  const deepest = stageOf[0] ?? 0
  return {
    bands,
    filters: bands.map((band, i) => designBand(band, rate / 2 ** stageOf[i]!)),
    stages: Array.from({ length: deepest + 1 }, (_, stage) => ({
      first: stageOf.filter((other) => other > stage).length,
      end: stageOf.filter((other) => other >= stage).length,
    })),
    block: 2 ** deepest,
  }
}

/** Filter states this small are inaudible and on their way to denormal numbers. */
const TINY = 1e-100

/** The third-octave filters of one channel. It hears whole blocks only, so that its rates stay in step with the stream. */
export class BandBank {
  readonly #plan: BankPlan
  readonly #samples: Float64Array
  readonly #halves: readonly HalfBand[]
  /** Two states a section, one band after another. */
  readonly #states: readonly Float64Array[]

  constructor(plan: BankPlan) {
    this.#plan = plan
    this.#samples = new Float64Array(plan.block)
    this.#halves = Array.from({ length: plan.stages.length - 1 }, (_, stage) => new HalfBand(plan.block >> stage))
    this.#states = plan.filters.map(({ poles }) => new Float64Array(poles.length))
  }

  /**
   * Filters one block and writes the mean square of each band in it to `power`. False where samples were not finite: the
   * powers are then no figures, and the filters are cleared.
   */
  process(block: Float32Array, power: Float64Array): boolean {
    const { stages, filters, block: frames } = this.#plan
    const samples = this.#samples
    samples.set(block)
    let finite = true
    for (let stage = 0; stage < stages.length; stage++) {
      const n = frames >> stage
      const { first, end } = stages[stage]!
      for (let band = first; band < end; band++) {
        const { poles, gain } = filters[band]!
        const state = this.#states[band]!
        // The energy comes by way of an array: a number that is not whole is an object on its way between functions.
        if (poles.length === 6) energyOf3(samples, n, poles, state, power, band)
        else energyOf4(samples, n, poles, state, power, band)
        finite &&= Number.isFinite(power[band]!)
        power[band] = (power[band]! * gain) / n
      }
      if (stage < this.#halves.length) this.#halves[stage]!.process(samples, n)
    }
    if (!finite) this.#clear()
    return finite
  }

  #clear(): void {
    for (const state of this.#states) state.fill(0)
    for (const half of this.#halves) half.clear()
  }
}

/** Sum of squares, to `out[place]`, of `samples[0..n)` through three sections `y = x - x2 - a1 y1 - a2 y2`. */
function energyOf3(
  samples: Float64Array,
  n: number,
  poles: Float64Array,
  state: Float64Array,
  out: Float64Array,
  place: number,
): void {
  const a1 = poles[0]!
  const a2 = poles[1]!
  const b1 = poles[2]!
  const b2 = poles[3]!
  const c1 = poles[4]!
  const c2 = poles[5]!
  let s1 = state[0]!
  let s2 = state[1]!
  let t1 = state[2]!
  let t2 = state[3]!
  let u1 = state[4]!
  let u2 = state[5]!
  let energy = 0
  for (let i = 0; i < n; i++) {
    const x = samples[i]!
    const v = x + s1
    s1 = s2 - a1 * v
    s2 = -x - a2 * v
    const w = v + t1
    t1 = t2 - b1 * w
    t2 = -v - b2 * w
    const y = w + u1
    u1 = u2 - c1 * y
    u2 = -w - c2 * y
    energy += y * y
  }
  keep(state, 0, s1, s2)
  keep(state, 2, t1, t2)
  keep(state, 4, u1, u2)
  out[place] = energy
}

/** The same through four sections. */
function energyOf4(
  samples: Float64Array,
  n: number,
  poles: Float64Array,
  state: Float64Array,
  out: Float64Array,
  place: number,
): void {
  const a1 = poles[0]!
  const a2 = poles[1]!
  const b1 = poles[2]!
  const b2 = poles[3]!
  const c1 = poles[4]!
  const c2 = poles[5]!
  const d1 = poles[6]!
  const d2 = poles[7]!
  let s1 = state[0]!
  let s2 = state[1]!
  let t1 = state[2]!
  let t2 = state[3]!
  let u1 = state[4]!
  let u2 = state[5]!
  let r1 = state[6]!
  let r2 = state[7]!
  let energy = 0
  for (let i = 0; i < n; i++) {
    const x = samples[i]!
    const v = x + s1
    s1 = s2 - a1 * v
    s2 = -x - a2 * v
    const w = v + t1
    t1 = t2 - b1 * w
    t2 = -v - b2 * w
    const q = w + u1
    u1 = u2 - c1 * q
    u2 = -w - c2 * q
    const y = q + r1
    r1 = r2 - d1 * y
    r2 = -q - d2 * y
    energy += y * y
  }
  keep(state, 0, s1, s2)
  keep(state, 2, t1, t2)
  keep(state, 4, u1, u2)
  keep(state, 6, r1, r2)
  out[place] = energy
}

function keep(state: Float64Array, at: number, s1: number, s2: number): void {
  state[at] = Math.abs(s1) < TINY ? 0 : s1
  state[at + 1] = Math.abs(s2) < TINY ? 0 : s2
}
