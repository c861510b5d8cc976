import { RealFft } from './fft.ts'

export interface ShortTimeShape {
  readonly channels: number
  /** As from `windowOf`; a power of two long. */
  readonly window: Float64Array
  /** Each window is followed by zeros to `padding` times its length (a power of two): bins as much denser. */
  readonly padding: number
  /** Frames from one spectrum to the next, at most a window. */
  readonly step: number
}

/** Power spectra of a stream, one every `step` frames, as the mean power of its channels. Blocks of any size; nothing is allocated. */
export class ShortTimeSpectrum {
  readonly fft: RealFft
  /** Of each bin, when `ready`. */
  readonly power: Float64Array
  /** The last `feed` completed a spectrum. */
  ready = false
  readonly #shape: ShortTimeShape
  readonly #history: readonly Float32Array[]
  readonly #padded: Float64Array
  readonly #re: Float64Array
  readonly #im: Float64Array
  #filled = 0

  constructor(shape: ShortTimeShape) {
    const size = shape.window.length
    this.#shape = shape
    this.#history = Array.from({ length: shape.channels }, () => new Float32Array(size))
    this.fft = new RealFft(size * shape.padding)
    this.power = new Float64Array(this.fft.bins)
    this.#padded = new Float64Array(this.fft.size)
    this.#re = new Float64Array(this.fft.bins)
    this.#im = new Float64Array(this.fft.bins)
  }

  /** Takes frames from `at` on, at most to the end of a spectrum; returns how many. */
  feed(planes: readonly Float32Array[], at: number, frames: number): number {
    const { window, step } = this.#shape
    const n = Math.min(window.length - this.#filled, frames - at)
    for (let c = 0; c < this.#history.length; c++) copy(planes[c]!, at, this.#history[c]!, this.#filled, n)
    this.#filled += n
    this.ready = this.#filled === window.length && this.#transform()
    if (this.#filled === window.length) {
      for (const history of this.#history) history.copyWithin(0, step)
      this.#filled -= step
    }
    return n
  }

  /** No window spans what is on either side of this. */
  restart(): void {
    this.#filled = 0
    this.ready = false
  }

  /** False for a window with a sample that is not finite, which spoils every bin alike. */
  #transform(): boolean {
    const { window, channels } = this.#shape
    const power = this.power.fill(0)
    const padded = this.#padded
    const re = this.#re
    const im = this.#im
    const share = 1 / channels
    for (let c = 0; c < channels; c++) {
      const history = this.#history[c]!
      for (let i = 0; i < window.length; i++) padded[i] = history[i]! * window[i]!
      this.fft.forward(padded, re, im)
      for (let k = 0; k < power.length; k++) power[k]! += share * (re[k]! * re[k]! + im[k]! * im[k]!)
    }
    return Number.isFinite(power[0]!)
  }
}

function copy(from: Float32Array, at: number, to: Float32Array, to0: number, n: number): void {
  for (let i = 0; i < n; i++) to[to0 + i] = from[at + i]!
}
