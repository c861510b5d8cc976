import type { Face } from '#dsp/kernels.ts'
import { type TruePeak, type TruePeakOptions, truePeakFactor } from '#dsp/true-peak.ts'
import { type KernelMemory, TURN_FRAMES } from './memory.ts'

export function truePeakBytes(memory: KernelMemory, channels: number): number {
  return channels * (2 * 8 + memory.exports.truePeakBytes())
}

/** `TruePeak` by a kernel, in single precision: within 1e-6. */
export class WasmTruePeak implements Face<TruePeak> {
  readonly recent: Float64Array
  readonly max: Float64Array
  readonly #memory: KernelMemory
  readonly #at: number
  readonly #stateBytes: number
  readonly #channels: number
  #holding = false

  /** `at`: cleared memory of `truePeakBytes(memory, channels)`. */
  constructor(
    memory: KernelMemory,
    at: number,
    rate: number,
    channels: number,
    { prune = true }: TruePeakOptions = {},
  ) {
    this.#memory = memory
    this.#at = at
    this.#stateBytes = memory.exports.truePeakBytes()
    this.#channels = channels
    this.recent = memory.f64.subarray(at >> 3, (at >> 3) + channels)
    this.max = memory.f64.subarray((at >> 3) + channels, (at >> 3) + 2 * channels)
    for (let c = 0; c < channels; c++) memory.exports.truePeakBegin(this.#state(c), truePeakFactor(rate), prune)
  }

  process(planes: readonly Float32Array[], from: number, to: number): void {
    const { exports } = this.#memory
    for (let c = 0; c < this.#channels; c++) {
      for (let i = from; i < to; i += TURN_FRAMES) {
        const end = Math.min(i + TURN_FRAMES, to)
        const x = this.#memory.place(planes[c]!, i, end)
        exports.truePeak(this.#state(c), x, end - i, this.#recent(c), this.#total(c))
      }
    }
  }

  settle(): void {
    for (let c = 0; c < this.#channels; c++) {
      this.#memory.exports.truePeakSettle(this.#state(c), this.#recent(c), this.#total(c))
    }
  }

  gap(): void {
    this.settle()
    for (let c = 0; c < this.#channels; c++) this.#memory.exports.truePeakGap(this.#state(c))
  }

  takeRecent(): void {
    this.recent.fill(0)
  }

  reset(): void {
    this.gap()
    this.max.fill(0)
  }

  hold(on: boolean): void {
    if (on !== this.#holding) this.gap()
    this.#holding = on
  }

  #recent(channel: number): number {
    return this.#at + 8 * channel
  }

  /** 0 while `max` stays as it is. */
  #total(channel: number): number {
    return this.#holding ? 0 : this.#at + 8 * (this.#channels + channel)
  }

  #state(channel: number): number {
    return this.#at + 16 * this.#channels + channel * this.#stateBytes
  }
}
