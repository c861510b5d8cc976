import { RealFft } from './fft.ts'

/** Longest delay that a meter may have through the filter, seconds. */
const MAX_DELAY_S = 0.0054

/** Frames of a partition: the largest power of two within 5.4 ms, 256 at 48 kHz and 128 at 44.1 kHz. */
export function partitionFrames(rate: number): number {
  return 2 ** Math.floor(Math.log2(rate * MAX_DELAY_S))
}

/**
 * Convolution of every channel with one impulse response, in uniform partitions by overlap-save. Takes blocks of any size
 * and does not allocate.
 *
 * The output is late by exactly `latency` frames (one partition): the first `latency` frames out are zeros that were
 * never heard. A gap is not told to it: the sound after follows the sound before, and a meter sees the gap `latency`
 * frames early.
 */
export class Convolver {
  readonly latency: number
  readonly #fft: RealFft
  readonly #partitions: number
  /** Spectra of the partitions: bin after bin, and in each bin partition after partition. */
  readonly #filterRe: Float64Array
  readonly #filterIm: Float64Array
  readonly #channels: readonly ChannelState[]
  readonly #re: Float64Array
  readonly #im: Float64Array
  readonly #time: Float64Array
  /** Frames of the open partition, and the place of the newest spectrum in each channel's ring. */
  #filled = 0
  #newest = 0

  /** `partition` is a power of two. */
  constructor(taps: Float32Array, channels: number, partition: number) {
    this.latency = partition
    this.#fft = new RealFft(2 * partition)
    this.#partitions = Math.max(1, Math.ceil(taps.length / partition))
    const { bins } = this.#fft
    this.#re = new Float64Array(bins)
    this.#im = new Float64Array(bins)
    this.#time = new Float64Array(2 * partition)
    this.#filterRe = new Float64Array(bins * this.#partitions)
    this.#filterIm = new Float64Array(bins * this.#partitions)
    for (let p = 0; p < this.#partitions; p++) {
      this.#time.fill(0)
      this.#time.set(taps.subarray(p * partition, (p + 1) * partition))
      this.#fft.forward(this.#time, this.#re, this.#im)
      for (let k = 0; k < bins; k++) {
        this.#filterRe[k * this.#partitions + p] = this.#re[k]!
        this.#filterIm[k * this.#partitions + p] = this.#im[k]!
      }
    }
    this.#channels = Array.from({ length: channels }, () => new ChannelState(partition, bins, this.#partitions))
  }

  /** `frames` of each channel; `output` may be `input`. Beyond what a float holds, the output is the largest float. */
  process(input: readonly Float32Array[], output: readonly Float32Array[], frames: number): void {
    for (let at = 0; at < frames;) {
      const n = Math.min(this.latency - this.#filled, frames - at)
      for (let c = 0; c < this.#channels.length; c++) {
        const { time, ready } = this.#channels[c]!
        const from = input[c]!
        const to = output[c]!
        for (let i = at, j = this.#filled; i < at + n; i++, j++) {
          time[this.latency + j] = from[i]!
          to[i] = ready[j]!
        }
      }
      this.#filled += n
      at += n
      if (this.#filled === this.latency) this.#finishPartition()
    }
  }

  #finishPartition(): void {
    this.#newest = (this.#newest + this.#partitions - 1) % this.#partitions
    for (const channel of this.#channels) this.#convolve(channel)
    this.#filled = 0
  }

  #convolve(channel: ChannelState): void {
    const re = this.#re
    const im = this.#im
    this.#fft.forward(channel.time, re, im)
    channel.time.copyWithin(0, this.latency)
    channel.remember(re, im, this.#newest)
    multiplyAdd(re, im, channel.re, channel.im, this.#newest, this.#filterRe, this.#filterIm, this.#partitions)
    this.#fft.inverse(re, im, this.#time)
    for (let i = 0; i < this.latency; i++) channel.ready[i] = toFloat(this.#time[this.latency + i]!)
  }
}

class ChannelState {
  /** The partition before, then the open one. */
  readonly time: Float64Array
  /** Output of the last finished partition. */
  readonly ready: Float32Array
  /**
   * Ring of input spectra, bin after bin, newest first. Each is written twice, one turn apart, so that a bin's `partitions`
   * values always lie in a row.
   */
  readonly re: Float64Array
  readonly im: Float64Array
  readonly #partitions: number

  constructor(partition: number, bins: number, partitions: number) {
    this.time = new Float64Array(2 * partition)
    this.ready = new Float32Array(partition)
    this.re = new Float64Array(2 * bins * partitions)
    this.im = new Float64Array(2 * bins * partitions)
    this.#partitions = partitions
  }

  remember(re: Float64Array, im: Float64Array, place: number): void {
    const turn = this.#partitions
    for (let k = 0, at = place; k < re.length; k++, at += 2 * turn) {
      this.re[at] = this.re[at + turn] = re[k]!
      this.im[at] = this.im[at + turn] = im[k]!
    }
  }
}

/** re + i im = sum over the partitions of x × h, bin by bin; `x` begins at place `newest` of each bin's two turns. */
function multiplyAdd(
  re: Float64Array,
  im: Float64Array,
  xr: Float64Array,
  xi: Float64Array,
  newest: number,
  hr: Float64Array,
  hi: Float64Array,
  partitions: number,
): void {
  for (let k = 0, h = 0; k < re.length; k++) {
    let sumR = 0
    let sumI = 0
    const end = h + partitions
    for (let x = 2 * h + newest; h < end; h++, x++) {
      const a = xr[x]!
      const b = xi[x]!
      const c = hr[h]!
      const d = hi[h]!
      sumR += a * c - b * d
      sumI += a * d + b * c
    }
    re[k] = sumR
    im[k] = sumI
  }
}

const LARGEST_FLOAT = 3.4028234663852886e38

function toFloat(value: number): number {
  return Math.max(-LARGEST_FLOAT, Math.min(value, LARGEST_FLOAT))
}
