import type { PowerTransform, ShortTimeShape } from '#dsp/short-time-spectrum.ts'
import type { KernelMemory } from './memory.ts'

/** The kernel transforms 4 bins at a time, from both ends. */
const LEAST_SIZE = 64

/** Window, history of each channel, power. */
export function spectrumBytes({ channels, window, padding }: ShortTimeShape): number {
  return 4 * window.length * (1 + channels) + 8 * ((window.length * padding) / 2 + 1)
}

/** Whether there is a transform of this size and memory for it. */
export function spectrumReady(memory: KernelMemory, { window, padding }: ShortTimeShape): boolean {
  const points = (window.length * padding) / 2
  if (window.length < LEAST_SIZE) return false
  const scratch = memory.scratch(memory.exports.spectrumScratchBytes(points))
  return scratch > 0 && memory.twiddles(points) > 0 && memory.turns(points) > 0
}

/** `PowerSpectrum` by a kernel, in single precision: the amplitudes of bins within 1e-6 of the largest bin's. */
export class WasmPowerSpectrum implements PowerTransform {
  readonly size: number
  readonly bins: number
  readonly history: readonly Float32Array[]
  readonly power: Float64Array
  readonly #memory: KernelMemory
  readonly #at: number
  readonly #points: number
  readonly #scratchBytes: number
  readonly #twiddles: number
  readonly #turns: number

  /** `at`: cleared memory of `spectrumBytes`, for a shape that is `spectrumReady`. */
  constructor(memory: KernelMemory, at: number, { channels, window, padding }: ShortTimeShape) {
    this.#memory = memory
    this.#at = at
    this.size = window.length * padding
    this.#points = this.size / 2
    this.bins = this.#points + 1
    this.#scratchBytes = memory.exports.spectrumScratchBytes(this.#points)
    this.#twiddles = memory.twiddles(this.#points)
    this.#turns = memory.turns(this.#points)
    memory.f32.set(window, at >> 2)
    const part = (i: number): number => (at >> 2) + i * window.length
    this.history = Array.from({ length: channels }, (_, c) => memory.f32.subarray(part(1 + c), part(2 + c)))
    const power = part(1 + channels) >> 1
    this.power = memory.f64.subarray(power, power + this.bins)
  }

  transform(): boolean {
    const memory = this.#memory
    const scratch = memory.scratch(this.#scratchBytes)
    for (let c = 0; c < this.history.length; c++) {
      const { byteOffset, length } = this.history[c]!
      memory.exports.addPowerSpectrum(
        scratch,
        this.#twiddles,
        this.#turns,
        this.#points,
        byteOffset,
        this.#at,
        length,
        this.power.byteOffset,
        1 / this.history.length,
        c === 0,
      )
    }
    return Number.isFinite(this.power[0]!)
  }
}
