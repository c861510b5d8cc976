/**
 * True peak, ITU-R BS.1770-5 annex 2: the largest magnitude of the waveform between its samples.
 *
 * Samples are oversampled by two half-band steps (4 times below 96 kHz), and the top between three of those points is that of
 * the parabola through them. A tone up to 0.4 of the rate reads within +0.002 and -0.04 dB of its peak at any phase; without
 * the parabola 4 times would read up to 0.17 dB low at a quarter of the rate, and 8 times would cost twice as much.
 */

/** The point midway between x0 and x1 from 12 samples on each side; nearest pair first. Least largest error up to 0.4 of the rate: 0.0015 dB. */
const A0 = 0.632914872646
const A1 = -0.201315296047
const A2 = 0.109890473814
const A3 = -0.067960993702
const A4 = 0.043427345768
const A5 = -0.02757810366
const A6 = 0.016999929277
const A7 = -0.009977209537
const A8 = 0.005459015864
const A9 = -0.002704738189
const A10 = 0.00115385961
const A11 = -0.000396149101
/** The same for a signal that has already been doubled, up to 0.208 of the doubled rate: 0.0009 dB. */
const B0 = 0.606988304105
const B1 = -0.136686001725
const B2 = 0.034899653203
const B3 = -0.005249731462
/** No point of the second step is larger than this times the largest of the first; a little is for rounding. */
const SECOND_GAIN = 2 * (B0 - B1 + B2 - B3) * (1 + 1e-9)

/** Samples evaluated at once, and kept from before them: what the points of the first of them reach back to. */
const GROUP = 128
const HISTORY = 28
/** An interval (from sample j to the next) needs the samples j - REACH to j + REACH + 1. */
const REACH = 13
/** Points before and after an interval that the second doubling needs. */
const SPREAD = 2

/** Times of oversampling at `rate` Hz: the points are never further apart than at 176.4 kHz (BS.1770-5 annex 2). */
export function truePeakFactor(rate: number): 1 | 2 | 4 {
  return rate < 88_200 ? 4 : rate < 176_400 ? 2 : 1
}

/** How far above its sampled maximum a waveform can rise that was oversampled `factor` times; the parabola is held to that. */
function headroom(factor: number): number {
  return Math.min(1.25, 1 / Math.cos(Math.PI / (2 * factor)))
}

/**
 * Writes x[j] and the point midway to x[j + 1], for `count` intervals from `from`; returns the largest magnitude. Two intervals
 * at a time share what they load; where `count` is odd one more than asked for is written.
 */
function doubleSamples(x: Float64Array, from: number, count: number, out: Float64Array): number {
  let largest = 0
  for (let i = 0, j = from - 11; i < count; i += 2, j += 2) {
    const x0 = x[j]!
    const x1 = x[j + 1]!
    const x2 = x[j + 2]!
    const x3 = x[j + 3]!
    const x4 = x[j + 4]!
    const x5 = x[j + 5]!
    const x6 = x[j + 6]!
    const x7 = x[j + 7]!
    const x8 = x[j + 8]!
    const x9 = x[j + 9]!
    const x10 = x[j + 10]!
    const x11 = x[j + 11]!
    const x12 = x[j + 12]!
    const x13 = x[j + 13]!
    const x14 = x[j + 14]!
    const x15 = x[j + 15]!
    const x16 = x[j + 16]!
    const x17 = x[j + 17]!
    const x18 = x[j + 18]!
    const x19 = x[j + 19]!
    const x20 = x[j + 20]!
    const x21 = x[j + 21]!
    const x22 = x[j + 22]!
    const x23 = x[j + 23]!
    const x24 = x[j + 24]!
    const first =
      A0 * (x11 + x12) +
      A1 * (x10 + x13) +
      A2 * (x9 + x14) +
      A3 * (x8 + x15) +
      A4 * (x7 + x16) +
      A5 * (x6 + x17) +
      A6 * (x5 + x18) +
      A7 * (x4 + x19) +
      A8 * (x3 + x20) +
      A9 * (x2 + x21) +
      A10 * (x1 + x22) +
      A11 * (x0 + x23)
    const second =
      A0 * (x12 + x13) +
      A1 * (x11 + x14) +
      A2 * (x10 + x15) +
      A3 * (x9 + x16) +
      A4 * (x8 + x17) +
      A5 * (x7 + x18) +
      A6 * (x6 + x19) +
      A7 * (x5 + x20) +
      A8 * (x4 + x21) +
      A9 * (x3 + x22) +
      A10 * (x2 + x23) +
      A11 * (x1 + x24)
    out[2 * i] = x11
    out[2 * i + 1] = first
    out[2 * i + 2] = x12
    out[2 * i + 3] = second
    largest = Math.max(largest, Math.abs(x11), Math.abs(first), Math.abs(x12), Math.abs(second))
  }
  return largest
}

/** The same once more, for `count` points of a doubled signal. */
function doubleAgain(z: Float64Array, from: number, count: number, out: Float64Array): void {
  for (let i = 0, m = from; i < count; i++, m++) {
    out[2 * i] = z[m]!
    out[2 * i + 1] =
      B0 * (z[m]! + z[m + 1]!) +
      B1 * (z[m - 1]! + z[m + 2]!) +
      B2 * (z[m - 2]! + z[m + 3]!) +
      B3 * (z[m - 3]! + z[m + 4]!)
  }
}

/** The largest top of parabolas through the local extrema of points 1 to `count` - 2, or `held` where none is larger. */
function largestTop(u: Float64Array, count: number, rise: number, held: number): number {
  let worth = held / rise
  let largest = held
  for (let i = 1; i < count - 1; i++) {
    const size = Math.abs(u[i]!)
    if (!(size > worth)) continue
    const sign = u[i]! < 0 ? -1 : 1
    const before = sign * u[i - 1]!
    const after = sign * u[i + 1]!
    if (before > size || after > size) continue
    const bend = 2 * size - before - after
    const slope = after - before
    const top = bend > 0 ? Math.min(size + (slope * slope) / (8 * bend), size * rise) : size
    if (!(top > largest)) continue
    largest = top
    worth = top / rise
  }
  return largest
}

/** One channel's newest samples. */
interface Lane {
  readonly samples: Float64Array
  /** Largest magnitude in the group and in the one before. */
  size: number
  sizeBefore: number
}

export interface TruePeakOptions {
  /** Leave out groups that cannot hold a new peak; the results are equal. Default true. */
  readonly prune?: boolean
}

export class TruePeak {
  /** Amplitude of the largest true peak of each channel since `takeRecent`, and since `reset`. */
  readonly recent: Float64Array
  readonly max: Float64Array
  readonly #lanes: readonly Lane[]
  readonly #factor: 1 | 2 | 4
  readonly #rise: number
  /** No point is larger than this times the largest sample it is made of. */
  readonly #gain: number
  readonly #prune: boolean
  readonly #doubled = new Float64Array(2 * (GROUP + 2 + 2 * SPREAD))
  readonly #points = new Float64Array(4 * (GROUP + 2))
  /** Samples of the open group. */
  #filled = 0
  /** First place in `samples` that holds sound without a gap before it. */
  #first = HISTORY
  #holding = false

  /** `rate` in Hz. */
  constructor(rate: number, channels: number, { prune = true }: TruePeakOptions = {}) {
    this.recent = new Float64Array(channels)
    this.max = new Float64Array(channels)
    this.#factor = truePeakFactor(rate)
    this.#rise = headroom(this.#factor)
    this.#prune = prune
    this.#gain = this.#largestGain()
    this.#lanes = Array.from({ length: channels }, () => ({
      samples: new Float64Array(HISTORY + GROUP + 1),
      size: 0,
      sizeBefore: 0,
    }))
  }

  /** `planes[channel][from..to)`. Samples that are not finite count as zero. */
  process(planes: readonly Float32Array[], from: number, to: number): void {
    for (let at = from; at < to;) {
      const n = Math.min(GROUP - this.#filled, to - at)
      for (let c = 0; c < this.#lanes.length; c++) this.#raise(c, this.#copy(this.#lanes[c]!, planes[c]!, at, n))
      this.#filled += n
      at += n
      if (this.#filled === GROUP) this.#endGroup()
    }
  }

  /** Takes in what came since the last whole group: then all but the newest 14 samples have been looked between. */
  settle(): void {
    for (let c = 0; c < this.#lanes.length; c++) this.#evaluate(this.#lanes[c]!, c)
  }

  /** What follows does not follow what was before: nothing is looked for between them. */
  gap(): void {
    this.settle()
    this.#filled = 0
    this.#first = HISTORY
  }

  /** Starts `recent` anew. */
  takeRecent(): void {
    this.recent.fill(0)
  }

  /** Starts `max` anew with the sound that follows. */
  reset(): void {
    this.gap()
    this.max.fill(0)
  }

  /** While held, `max` stays as it is. */
  hold(on: boolean): void {
    if (on !== this.#holding) this.gap()
    this.#holding = on
  }

  #raise(channel: number, peak: number): void {
    if (peak > this.recent[channel]!) this.recent[channel] = peak
    if (!this.#holding && peak > this.max[channel]!) this.max[channel] = peak
  }

  /** Returns the largest magnitude: a sample is a true peak before anything is known of its neighbours. */
  #copy(lane: Lane, plane: Float32Array, at: number, n: number): number {
    const { samples } = lane
    let size = 0
    for (let i = at, j = HISTORY + this.#filled; i < at + n; i++, j++) {
      const x = plane[i]!
      const magnitude = Math.abs(x)
      samples[j] = magnitude < Infinity ? x : 0
      if (magnitude > size && magnitude < Infinity) size = magnitude
    }
    lane.size = this.#filled === 0 ? size : Math.max(lane.size, size)
    return size
  }

  #endGroup(): void {
    for (let c = 0; c < this.#lanes.length; c++) {
      const lane = this.#lanes[c]!
      this.#evaluate(lane, c)
      lane.samples.copyWithin(0, GROUP)
      lane.sizeBefore = lane.size
    }
    this.#filled = 0
    this.#first = Math.max(0, this.#first - GROUP)
  }

  /** From the last interval of the group before, whose points the first of this group has for neighbours. */
  #evaluate(lane: Lane, channel: number): void {
    const from = this.#first + REACH
    const to = HISTORY + this.#filled - REACH - 1
    if (to <= from || this.#filled === 0) return
    const held = this.#holding ? this.recent[channel]! : Math.min(this.recent[channel]!, this.max[channel]!)
    if (this.#prune && Math.max(lane.size, lane.sizeBefore) * this.#gain * this.#rise <= held) return
    const count = this.#interpolate(lane.samples, from, to - from, this.#prune ? held : -1)
    this.#raise(channel, largestTop(this.#points, count, this.#rise, held))
  }

  /** Points of `count` intervals from `from` into `#points`; returns how many, or 0 if it saw that none can hold more than `held`. */
  #interpolate(samples: Float64Array, from: number, count: number, held: number): number {
    if (this.#factor === 1) this.#points.set(samples.subarray(from, from + count))
    else if (this.#factor === 2) doubleSamples(samples, from, count, this.#points)
    else {
      const largest = doubleSamples(samples, from - SPREAD, count + 2 * SPREAD, this.#doubled)
      if (largest * SECOND_GAIN * this.#rise <= held) return 0
      doubleAgain(this.#doubled, 2 * SPREAD, 2 * count, this.#points)
    }
    return count * this.#factor
  }

  /** Sum of magnitudes of the impulse response of the point that has most, and a little for rounding. */
  #largestGain(): number {
    const samples = new Float64Array(2 * REACH + 3)
    const gains = new Float64Array(this.#factor)
    for (let i = 0; i < 2 * REACH + 2; i++) {
      samples.fill(0)
      samples[i] = 1
      this.#interpolate(samples, REACH, 1, -1)
      for (let p = 0; p < gains.length; p++) gains[p]! += Math.abs(this.#points[p]!)
    }
    return Math.max(...gains) * (1 + 1e-9)
  }
}
