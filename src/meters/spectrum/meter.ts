/** Averaged spectrum of a stream on a log-frequency axis. */
import { RealFft } from '#dsp/fft.ts'
import { LogColumns, logFrequencies } from '#dsp/log-columns.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'

const COLUMNS = 240
const LOW_HZ = 20
const HIGH_HZ = 20_000
/** Window of 4096 frames at 48 kHz, and about as long (64 to 128 ms) at other rates: the bass is resolved alike. */
const REFERENCE_WINDOW = 4096
const REFERENCE_RATE = 48_000
/** Each window is followed by as many zeros: bins twice as dense, so that a tone between two of them loses 0.35 dB, not 1.4. */
const PADDING = 2
/** Time constant of the exponential average of power, seconds. */
const AVERAGE_S = 0.25

const LAYOUT: readonly Slot[] = [
  /**
   * Level of each column of `spectrumFrequencies`; a full-scale sine reads 0 dBFS (its peak, not its RMS). Channels are
   * mixed as the mean of their power. -Infinity until the first window is full.
   */
  { name: 'db', length: COLUMNS, unit: 'dBFS', merge: 'last' },
]

/** Centre of each column, Hz: evenly spaced on a log axis from 20 Hz to 20 kHz, or to half the rate where that is less. */
export function spectrumFrequencies({ rate }: StreamShape): Float64Array {
  return logFrequencies(LOW_HZ, Math.min(HIGH_HZ, rate / 2), COLUMNS)
}

class SpectrumMeter implements Meter {
  readonly #window: Float64Array
  readonly #history: readonly Float32Array[]
  readonly #fft: RealFft
  readonly #columns: LogColumns
  readonly #padded: Float64Array
  readonly #re: Float64Array
  readonly #im: Float64Array
  readonly #power: Float64Array
  readonly #average: Float64Array
  readonly #db = new Float32Array(COLUMNS).fill(-Infinity)
  /** Share of a new spectrum in the average once that has settled. */
  readonly #share: number
  #filled = 0
  #spectra = 0
  #fresh = false

  constructor(shape: StreamShape) {
    const size = REFERENCE_WINDOW * 2 ** Math.round(Math.log2(shape.rate / REFERENCE_RATE))
    this.#window = hann(size)
    this.#history = Array.from({ length: shape.channels }, () => new Float32Array(size))
    this.#fft = new RealFft(size * PADDING)
    this.#columns = new LogColumns(spectrumFrequencies(shape), shape.rate / this.#fft.size, this.#fft.bins)
    this.#padded = new Float64Array(this.#fft.size)
    this.#re = new Float64Array(this.#fft.bins)
    this.#im = new Float64Array(this.#fft.bins)
    this.#power = new Float64Array(this.#fft.bins)
    this.#average = new Float64Array(this.#fft.bins)
    this.#share = 1 - Math.exp(-size / 2 / shape.rate / AVERAGE_S)
  }

  process(planes: readonly Float32Array[], frames: number): void {
    const size = this.#window.length
    for (let at = 0; at < frames;) {
      const n = Math.min(size - this.#filled, frames - at)
      for (let c = 0; c < this.#history.length; c++) copy(planes[c]!, at, this.#history[c]!, this.#filled, n)
      this.#filled += n
      at += n
      if (this.#filled < size) continue
      this.#addSpectrum()
      for (const history of this.#history) history.copyWithin(0, size / 2)
      this.#filled = size / 2
    }
  }

  /** No window spans a gap; the average goes on. */
  gap(): void {
    this.#filled = 0
  }

  read(out: Float32Array): void {
    if (this.#fresh) this.#columns.write(this.#average, this.#db)
    this.#fresh = false
    out.set(this.#db)
  }

  reset(): void {
    this.#filled = 0
    this.#spectra = 0
    this.#fresh = false
    this.#average.fill(0)
    this.#db.fill(-Infinity)
  }

  #addSpectrum(): void {
    const power = this.#power.fill(0)
    const window = this.#window
    const padded = this.#padded
    const re = this.#re
    const im = this.#im
    for (const history of this.#history) {
      for (let i = 0; i < window.length; i++) padded[i] = history[i]! * window[i]!
      this.#fft.forward(padded, re, im)
      for (let k = 0; k < power.length; k++) power[k]! += re[k]! * re[k]! + im[k]! * im[k]!
    }
    // One sample that is not finite spoils every bin alike: such a window is left out.
    if (!Number.isFinite(power[0]!)) return
    this.#spectra++
    const share = Math.max(this.#share, 1 / this.#spectra)
    const scale = share / this.#history.length
    const average = this.#average
    for (let k = 0; k < power.length; k++) average[k] = average[k]! * (1 - share) + power[k]! * scale
    this.#fresh = true
  }
}

/** Periodic Hann window, scaled so that a full-scale sine at a bin's centre gives that bin a power of 1. */
function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => (2 / size) * (1 - Math.cos((2 * Math.PI * i) / size)))
}

function copy(from: Float32Array, at: number, to: Float32Array, to0: number, n: number): void {
  for (let i = 0; i < n; i++) to[to0 + i] = from[at + i]!
}

export const spectrumMeter: MeterDefinition = {
  id: 'spectrum',
  title: 'Spectrum',
  layout: () => LAYOUT,
  create: (shape) => new SpectrumMeter(shape),
}
