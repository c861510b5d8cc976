/**
 * Sample peak, RMS, crest factor, DC offset and clipping of each channel, and the correlation of two; dBFS with a full-scale
 * square wave at 0 (a full-scale sine is -3.01 RMS).
 */
import { Correlation } from '#dsp/correlation.ts'
import { amplitudeToDb, powerToDb } from '#dsp/decibel.ts'
import { HOPS_PER_SECOND, Hops } from '#dsp/hops.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { SlidingMean } from '#dsp/sliding-mean.ts'
import type { LevelSums } from '#dsp/vectors.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'

/** 300 ms, the averaging time that PPM and VU users expect of a level bar. */
const RMS_HOPS = 30

const CORRELATION: Slot = { name: 'correlation', length: 1, unit: 'ratio', merge: 'last' }

function layout({ channels }: StreamShape): readonly Slot[] {
  return [
    /** Since the last reading. */
    { name: 'peak', length: channels, unit: 'dBFS', merge: 'max' },
    /** Over the last 300 ms, renewed every 10 ms; over what was heard of them, where at least half was. */
    { name: 'rms', length: channels, unit: 'dBFS', merge: 'last' },
    /** Since reset. */
    { name: 'peakMax', length: channels, unit: 'dBFS', merge: 'last' },
    /** Over every frame heard since reset. */
    { name: 'rmsTotal', length: channels, unit: 'dBFS', merge: 'last' },
    /** Samples at or beyond full scale since reset, as captured: what the converter could not tell. */
    { name: 'clips', length: channels, unit: 'count', merge: 'last' },
    /** Whether there was one since the last reading. */
    { name: 'clipped', length: channels, unit: 'flag', merge: 'max' },
    /** Peak over RMS, both of the last 300 ms; -Infinity, no figure, for silence. A sine has 3.01 dB. */
    { name: 'crest', length: channels, unit: 'dB', merge: 'last' },
    /** Mean of every frame heard since reset, full scale 1. */
    { name: 'dc', length: channels, unit: 'ratio', merge: 'last' },
    /** Of two channels, over the last 300 ms: 1 alike, 0 unlike, -1 opposite; -Infinity, no figure, for silence. */
    ...(channels === 2 ? [CORRELATION] : []),
  ]
}

class ChannelLevel {
  readonly #vectors: Kernels['vectors']
  readonly #sums: LevelSums = { energy: 0, sum: 0, peak: 0, clips: 0 }
  readonly #window: SlidingMean
  /** Sum of squares of the current hop, before and after a reset or pause that fell into it. */
  #before = 0
  #hop = 0
  /** Of whole hops since reset, and how many frames that is. */
  #total = 0
  #totalFrames = 0
  #hopFrames = 0
  /** Sum of samples, of the current hop and of whole hops since reset. */
  #hopSum = 0
  #sum = 0
  /** Largest magnitude of the current hop, and of each of the last 300 ms. */
  #hopPeak = 0
  readonly #peaks = new Float64Array(RMS_HOPS)
  #peaksAt = 0
  peak = 0
  peakMax = 0
  clips = 0
  clipped = 0
  #paused = false

  constructor(rate: number, vectors: Kernels['vectors']) {
    this.#vectors = vectors
    this.#window = new SlidingMean(RMS_HOPS, (RMS_HOPS * rate) / HOPS_PER_SECOND)
  }

  process(plane: Float32Array, captured: Float32Array, from: number, to: number): void {
    const sums = this.#sums
    sums.energy = this.#hop
    sums.sum = this.#hopSum
    sums.peak = 0
    sums.clips = 0
    this.#vectors.addLevels(plane, captured, from, to, sums)
    const { peak, clips } = sums
    this.#hop = sums.energy
    this.#hopSum = sums.sum
    this.#hopFrames += to - from
    this.#hopPeak = Math.max(this.#hopPeak, peak)
    this.peak = Math.max(this.peak, peak)
    if (!this.#paused) {
      this.peakMax = Math.max(this.peakMax, peak)
      this.clips += clips
    }
    if (clips > 0) this.clipped = 1
  }

  /** `heard` and `lost` frames make the hop. A hop with samples that are not finite counts as lost. */
  endHop(heard: number, lost: number): void {
    const energy = this.#before + this.#hop
    if (Number.isFinite(energy)) {
      this.#window.push(energy, heard, lost)
      if (!this.#paused) this.#addHop()
    } else this.#window.push(0, 0, heard + lost)
    this.#peaks[this.#peaksAt] = Number.isFinite(energy) ? this.#hopPeak : 0
    this.#peaksAt = (this.#peaksAt + 1) % RMS_HOPS
    this.#before = 0
    this.#hop = 0
    this.#hopSum = 0
    this.#hopPeak = 0
    this.#hopFrames = 0
  }

  get rms(): number {
    return this.#window.mean
  }

  /** Peak over RMS of the window, as a power; 0 for silence. */
  get crest(): number {
    let peak = 0
    for (let i = 0; i < RMS_HOPS; i++) peak = Math.max(peak, this.#peaks[i]!)
    const power = this.rms
    return power > 0 ? (peak * peak) / power : 0
  }

  /** Mean since reset, the unfinished hop included. */
  get dc(): number {
    const open = !this.#paused && Number.isFinite(this.#hopSum)
    const frames = this.#totalFrames + (open ? this.#hopFrames : 0)
    return frames > 0 ? (this.#sum + (open ? this.#hopSum : 0)) / frames : 0
  }

  /** Mean square since reset, the unfinished hop included. */
  get rmsTotal(): number {
    const open = !this.#paused && Number.isFinite(this.#hop)
    const frames = this.#totalFrames + (open ? this.#hopFrames : 0)
    return frames > 0 ? (this.#total + (open ? this.#hop : 0)) / frames : 0
  }

  /** The current hop is cut here: one side of it counts. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return
    if (paused && Number.isFinite(this.#hop)) this.#addHop()
    this.#cutHop()
    this.#paused = paused
  }

  #addHop(): void {
    this.#total += this.#hop
    this.#sum += this.#hopSum
    this.#totalFrames += this.#hopFrames
  }

  #cutHop(): void {
    this.#before += this.#hop
    this.#hop = 0
    this.#hopSum = 0
    this.#hopFrames = 0
  }

  reset(): void {
    this.#cutHop()
    this.#total = 0
    this.#sum = 0
    this.#totalFrames = 0
    this.peakMax = 0
    this.clips = 0
  }
}

class LevelMeter implements Meter {
  readonly #hops: Hops
  readonly #channels: readonly ChannelLevel[]
  readonly #correlation: Correlation | undefined
  #hopHeard = 0
  #hopLost = 0

  constructor({ rate, channels }: StreamShape, kernels: Kernels) {
    this.#hops = new Hops(rate)
    this.#channels = Array.from({ length: channels }, () => new ChannelLevel(rate, kernels.vectors))
    if (channels === 2) this.#correlation = new Correlation(rate, RMS_HOPS)
  }

  process(planes: readonly Float32Array[], frames: number, captured = planes): void {
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#hops.left, frames - at)
      for (let c = 0; c < this.#channels.length; c++) this.#channels[c]!.process(planes[c]!, captured[c]!, at, at + n)
      this.#correlation?.process(planes[0]!, planes[1]!, at, at + n)
      this.#hopHeard += n
      this.#advance(n)
      at += n
    }
  }

  gap(frames: number): void {
    let left = this.#hops.shorten(frames, 1)
    while (left > 0) {
      const n = Math.min(this.#hops.left, left)
      this.#hopLost += n
      this.#advance(n)
      left -= n
    }
  }

  read(out: Float32Array): void {
    const n = this.#channels.length
    for (let c = 0; c < n; c++) {
      const channel = this.#channels[c]!
      out[c] = amplitudeToDb(channel.peak)
      out[n + c] = powerToDb(channel.rms)
      out[2 * n + c] = amplitudeToDb(channel.peakMax)
      out[3 * n + c] = powerToDb(channel.rmsTotal)
      out[4 * n + c] = channel.clips
      out[5 * n + c] = channel.clipped
      out[6 * n + c] = powerToDb(channel.crest)
      out[7 * n + c] = channel.dc
      channel.peak = 0
      channel.clipped = 0
    }
    if (this.#correlation) out[8 * n] = this.#correlation.value()
  }

  reset(): void {
    for (const channel of this.#channels) channel.reset()
  }

  pause(paused: boolean): void {
    for (const channel of this.#channels) channel.pause(paused)
  }

  #advance(frames: number): void {
    if (!this.#hops.advance(frames)) return
    for (const channel of this.#channels) channel.endHop(this.#hopHeard, this.#hopLost)
    this.#correlation?.endHop(this.#hopHeard, this.#hopLost)
    this.#hopHeard = 0
    this.#hopLost = 0
  }
}

export const levelMeter: MeterDefinition = {
  id: 'level',
  title: 'Level',
  layout,
  create: (shape, _, kernels = REFERENCE) => new LevelMeter(shape, kernels),
}
