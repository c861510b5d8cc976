import type { Face } from '#dsp/kernels.ts'
import type { Weighted, WeightedEnergy } from '#dsp/weighted-energy.ts'
import { weightingCoefficients } from '#dsp/weighting.ts'
import type { KernelMemory } from './memory.ts'

const FILTER_BYTES = 160
const STATE_BYTES = 112
/** Doubles of a channel's state that are filter states, and where its energies and peak lie. */
const STATES = 8
const ENERGY_A = 8
const ENERGY_Z = 9
const ENERGY_C = 10
const PEAK_C = 11
const LAST_C = 12
/** A state this small is inaudible and on its way to denormal numbers. */
const TINY = 1e-100

export function weightedEnergyBytes(channels: number): number {
  return FILTER_BYTES + channels * STATE_BYTES
}

/** `WeightedEnergy` by a kernel, within 1e-8. */
export class WasmWeightedEnergy implements Face<WeightedEnergy> {
  readonly #memory: KernelMemory
  readonly #at: number
  readonly #gainA: number
  /** Frames that the kernel takes at a time. */
  readonly #most: number

  /** `at`: cleared memory of `weightedEnergyBytes(channels)`. */
  constructor(memory: KernelMemory, at: number, rate: number) {
    const { low, high, middle, gainA, zPole } = weightingCoefficients(rate)
    this.#memory = memory
    this.#at = at
    this.#gainA = gainA
    this.#most = memory.exports.weightedMost.value
    const twoZeros = { b0: 1, b1: -2, b2: 1 }
    const sections = [
      { ...twoZeros, ...low },
      high,
      { ...twoZeros, ...middle },
      { b0: 1, b1: -1, b2: 0, a1: -zPole, a2: 0 },
    ]
    sections.forEach(({ b0, b1, b2, a1, a2 }, i) => {
      const place = (at >> 3) + 10 * (i >> 1) + (i & 1)
      ;[b0, b1 - a1 * b0, b2 - a2 * b0, -a1, -a2].forEach((value, row) => (memory.f64[place + 2 * row] = value))
    })
  }

  process(channel: number, plane: Float32Array, from: number, to: number): void {
    const { exports } = this.#memory
    for (let i = from; i < to; i += this.#most) {
      const end = Math.min(i + this.#most, to)
      exports.weightedEnergy(this.#state(channel), this.#at, this.#memory.place(plane, i, end), end - i)
    }
  }

  take(channel: number, out: Weighted): boolean {
    const { f64 } = this.#memory
    const at = this.#state(channel) >> 3
    out.a = f64[at + ENERGY_A]! * this.#gainA
    out.c = f64[at + ENERGY_C]!
    out.z = f64[at + ENERGY_Z]!
    out.peakC = f64[at + PEAK_C]!
    for (let i = at + ENERGY_A; i <= at + PEAK_C; i++) f64[i] = 0
    if (Number.isFinite(out.a + out.c + out.z)) {
      for (let i = at; i < at + STATES; i++) if (Math.abs(f64[i]!) < TINY) f64[i] = 0
      return true
    }
    f64.fill(0, at, at + STATES)
    f64.fill(0, at + LAST_C, at + LAST_C + 2)
    return false
  }

  #state(channel: number): number {
    return this.#at + FILTER_BYTES + channel * STATE_BYTES
  }
}
