import type { Face } from '#dsp/kernels.ts'
import { type KWeightedEnergy, kCoefficients } from '#dsp/k-weighting.ts'
import { type KernelMemory, TURN_FRAMES } from './memory.ts'

const FILTER_BYTES = 80
const STATE_BYTES = 40
/** A state this small is inaudible and on its way to denormal numbers. */
const TINY = 1e-100

export function kWeightingBytes(channels: number): number {
  return FILTER_BYTES + channels * STATE_BYTES
}

/** `KWeightedEnergy` by a kernel, within 1e-12. */
export class WasmKWeightedEnergy implements Face<KWeightedEnergy> {
  readonly #memory: KernelMemory
  readonly #at: number

  /** `at`: cleared memory of `kWeightingBytes(channels)`. */
  constructor(memory: KernelMemory, at: number, rate: number) {
    this.#memory = memory
    this.#at = at
    const { shelf, highPass } = kCoefficients(rate)
    const sections = [shelf, { b0: 1, b1: -2, b2: 1, ...highPass }]
    sections.forEach(({ b0, b1, b2, a1, a2 }, lane) =>
      [b0, b1 - a1 * b0, b2 - a2 * b0, -a1, -a2].forEach((value, i) => {
        memory.f64[(at >> 3) + 2 * i + lane] = value
      }),
    )
  }

  process(channel: number, plane: Float32Array, from: number, to: number): void {
    const { exports } = this.#memory
    for (let i = from; i < to; i += TURN_FRAMES) {
      const end = Math.min(i + TURN_FRAMES, to)
      exports.kWeightedEnergy(this.#state(channel), this.#at, this.#memory.place(plane, i, end), end - i)
    }
  }

  take(channel: number): number {
    const { f64 } = this.#memory
    const at = this.#state(channel) >> 3
    const energy = f64[at + 4]!
    if (Number.isFinite(energy)) {
      for (let i = at; i < at + 4; i++) if (Math.abs(f64[i]!) < TINY) f64[i] = 0
    } else f64.fill(0, at, at + 4)
    f64[at + 4] = 0
    return energy
  }

  #state(channel: number): number {
    return this.#at + FILTER_BYTES + channel * STATE_BYTES
  }
}
