import { RealFft } from './fft.ts'
import type { Kernels } from './kernels.ts'

export interface ShortTimeShape {
  readonly channels: number
  /** As from `windowOf`; a power of two long. */
  readonly window: Float64Array
  /** Each window is followed by zeros to `padding` times its length (a power of two): bins as much denser. */
  readonly padding: number
  /** Frames from one spectrum to the next, at most a window. */
  readonly step: number
}

/** What a spectrum is made of: one window of each channel, and how it becomes power. */
export interface PowerTransform {
  /** Of the transform, zeros included; it has half as many bins and one. */
  readonly size: number
  readonly bins: number
  /** A window's frames of each channel. */
  readonly history: readonly Float32Array[]
  /** Mean power of the channels, by bin. */
  readonly power: Float64Array
  /** `history` to `power`. False for a sample that is not finite, which spoils every bin alike. */
  transform(): boolean
}

/** In double precision. */
export class PowerSpectrum implements PowerTransform {
  readonly size: number
  readonly bins: number
  readonly history: readonly Float32Array[]
  readonly power: Float64Array
  readonly #window: Float64Array
  readonly #fft: RealFft
  readonly #padded: Float64Array
  readonly #re: Float64Array
  readonly #im: Float64Array

  constructor({ channels, window, padding }: ShortTimeShape) {
    this.#window = window
    this.history = Array.from({ length: channels }, () => new Float32Array(window.length))
    this.#fft = new RealFft(window.length * padding)
    this.size = this.#fft.size
    this.bins = this.#fft.bins
    this.power = new Float64Array(this.bins)
    this.#padded = new Float64Array(this.size)
    this.#re = new Float64Array(this.bins)
    this.#im = new Float64Array(this.bins)
  }

  transform(): boolean {
    const window = this.#window
    const power = this.power.fill(0)
    const padded = this.#padded
    const re = this.#re
    const im = this.#im
    const share = 1 / this.history.length
    for (const history of this.history) {
      for (let i = 0; i < window.length; i++) padded[i] = history[i]! * window[i]!
      this.#fft.forward(padded, re, im)
      for (let k = 0; k < power.length; k++) power[k]! += share * (re[k]! * re[k]! + im[k]! * im[k]!)
    }
    return Number.isFinite(power[0]!)
  }
}

/** Power spectra of a stream, one every `step` frames, as the mean power of its channels. Blocks of any size; nothing is allocated. */
export class ShortTimeSpectrum {
  /** As in `PowerTransform`; `power` holds when `ready`. */
  readonly size: number
  readonly bins: number
  readonly power: Float64Array
  /** The last `feed` completed a spectrum. */
  ready = false
  readonly #transform: PowerTransform
  readonly #vectors: Kernels['vectors']
  readonly #window: number
  readonly #step: number
  #filled = 0

  constructor(shape: ShortTimeShape, kernels: Kernels) {
    this.#transform = kernels.powerTransform(shape)
    this.#vectors = kernels.vectors
    this.#window = shape.window.length
    this.#step = shape.step
    this.size = this.#transform.size
    this.bins = this.#transform.bins
    this.power = this.#transform.power
  }

  /** Takes frames from `at` on, at most to the end of a spectrum; returns how many. */
  feed(planes: readonly Float32Array[], at: number, frames: number): number {
    const { history } = this.#transform
    const n = Math.min(this.#window - this.#filled, frames - at)
    for (let c = 0; c < history.length; c++) this.#vectors.copySamples(planes[c]!, at, history[c]!, this.#filled, n)
    this.#filled += n
    this.ready = this.#filled === this.#window && this.#transform.transform()
    if (this.#filled === this.#window) {
      for (let c = 0; c < history.length; c++) history[c]!.copyWithin(0, this.#step)
      this.#filled -= this.#step
    }
    return n
  }

  /** No window spans what is on either side of this. */
  restart(): void {
    this.#filled = 0
    this.ready = false
  }
}
