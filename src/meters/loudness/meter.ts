/**
 * Loudness, loudness range and true peak: ITU-R BS.1770-5, EBU Tech 3341 v4 ("EBU Mode" windows and gating), EBU Tech 3342.
 *
 * Gaps. Momentary and short-term are means over what was heard in their window, and -Infinity while that is less than
 * half of it. Their maxima take whole windows only, and a gating block that a gap touches is dropped: a few milliseconds
 * beside a gap must not set a maximum.
 */
import { amplitudeToDb } from '#dsp/decibel.ts'
import { GatedLoudness } from '#dsp/gated-loudness.ts'
import { HOPS_PER_SECOND, Hops } from '#dsp/hops.ts'
import { channelWeights } from '#dsp/k-weighting.ts'
import { type Kernels, REFERENCE } from '#dsp/kernels.ts'
import { loudness } from '#dsp/loudness-histogram.ts'
import { LoudnessRange } from '#dsp/loudness-range.ts'
import { SlidingMean } from '#dsp/sliding-mean.ts'
import type { Meter, MeterDefinition, Slot, StreamShape } from '#meters/meter.ts'

/** 400 ms. */
const MOMENTARY_HOPS = 40
/** 3 s. */
const SHORT_TERM_HOPS = 300
/** Gating blocks of 400 ms begin every 100 ms (75 % overlap), and short-term values for the loudness range are as far apart. */
const GATE_STEP_HOPS = 10
/** EBU Tech 3341: a loudness range of less sound is marked as not stable. */
const STABLE_S = 60

const FIGURES: readonly Slot[] = [
  /** Over the last 0.4 s and 3 s, renewed every 10 ms. */
  { name: 'momentary', length: 1, unit: 'LUFS', merge: 'last' },
  { name: 'shortTerm', length: 1, unit: 'LUFS', merge: 'last' },
  /** Largest since the last reading. */
  { name: 'momentaryPeak', length: 1, unit: 'LUFS', merge: 'max' },
  { name: 'shortTermPeak', length: 1, unit: 'LUFS', merge: 'max' },
  /** Since reset. */
  { name: 'integrated', length: 1, unit: 'LUFS', merge: 'last' },
  { name: 'momentaryMax', length: 1, unit: 'LUFS', merge: 'last' },
  { name: 'shortTermMax', length: 1, unit: 'LUFS', merge: 'last' },
  /** Sound heard since reset, without gaps. */
  { name: 'heard', length: 1, unit: 's', merge: 'last' },
  /** Loudness range since reset; -Infinity, no figure, before the first 3 s. */
  { name: 'lra', length: 1, unit: 'LU', merge: 'last' },
  /** The loudness range is of less than 60 s. */
  { name: 'lraUnstable', length: 1, unit: 'flag', merge: 'last' },
  /** Peak to loudness: the largest true peak of any channel less the integrated loudness; -Infinity while there is none. */
  { name: 'plr', length: 1, unit: 'LU', merge: 'last' },
  /** Ends of the loudness range, the 10th and the 95th percentile; -Infinity, no figure, before the first 3 s. */
  { name: 'lraLow', length: 1, unit: 'LUFS', merge: 'last' },
  { name: 'lraHigh', length: 1, unit: 'LUFS', merge: 'last' },
]

function layout({ channels }: StreamShape): readonly Slot[] {
  return [
    ...FIGURES,
    /** Since the last reading. */
    { name: 'truePeak', length: channels, unit: 'dBTP', merge: 'max' },
    /** Since reset. */
    { name: 'truePeakMax', length: channels, unit: 'dBTP', merge: 'last' },
  ]
}

class LoudnessMeter implements Meter {
  readonly #rate: number
  readonly #weights: Float64Array
  readonly #hops: Hops
  readonly #energy: ReturnType<Kernels['kWeightedEnergy']>
  readonly #momentary: SlidingMean
  readonly #shortTerm: SlidingMean
  readonly #gate = new GatedLoudness()
  readonly #range = new LoudnessRange()
  readonly #truePeak: ReturnType<Kernels['truePeak']>
  /** Frames of this hop that were heard, and that were lost. */
  #hopHeard = 0
  #hopLost = 0
  #momentaryNow = -Infinity
  #shortTermNow = -Infinity
  #momentaryPeak = -Infinity
  #shortTermPeak = -Infinity
  #momentaryMax = -Infinity
  #shortTermMax = -Infinity
  #heard = 0
  /** Whole hops since reset or the end of a pause; -1 during a hop that began before it. */
  #age = 0
  #paused = false

  constructor({ rate, channels }: StreamShape, kernels: Kernels) {
    this.#rate = rate
    this.#weights = channelWeights(channels)
    this.#hops = new Hops(rate)
    this.#energy = kernels.kWeightedEnergy(rate, channels)
    this.#momentary = new SlidingMean(MOMENTARY_HOPS, (MOMENTARY_HOPS * rate) / HOPS_PER_SECOND)
    this.#shortTerm = new SlidingMean(SHORT_TERM_HOPS, (SHORT_TERM_HOPS * rate) / HOPS_PER_SECOND)
    this.#truePeak = kernels.truePeak(rate, channels)
  }

  process(planes: readonly Float32Array[], frames: number): void {
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#hops.left, frames - at)
      for (let c = 0; c < this.#weights.length; c++) {
        if (this.#weights[c]! > 0) this.#energy.process(c, planes[c]!, at, at + n)
      }
      this.#hopHeard += n
      if (this.#hops.advance(n)) this.#endHop()
      at += n
    }
    this.#truePeak.process(planes, 0, frames)
    if (!this.#paused) this.#heard += frames
  }

  gap(frames: number): void {
    this.#truePeak.gap()
    let left = this.#hops.shorten(frames, SHORT_TERM_HOPS / HOPS_PER_SECOND + 1)
    while (left > 0) {
      const n = Math.min(this.#hops.left, left)
      this.#hopLost += n
      if (this.#hops.advance(n)) this.#endHop()
      left -= n
    }
  }

  read(out: Float32Array): void {
    out[0] = this.#momentaryNow
    out[1] = this.#shortTermNow
    out[2] = this.#momentaryPeak
    out[3] = this.#shortTermPeak
    out[4] = this.#gate.integrated
    out[5] = this.#momentaryMax
    out[6] = this.#shortTermMax
    out[7] = this.#heard / this.#rate
    out[8] = this.#range.range
    out[9] = this.#heard < STABLE_S * this.#rate ? 1 : 0
    out[11] = this.#range.low
    out[12] = this.#range.high
    this.#readTruePeak(out)
    this.#momentaryPeak = this.#momentaryNow
    this.#shortTermPeak = this.#shortTermNow
  }

  /** Integration and maxima start with the next whole hop; the sliding windows go on. */
  reset(): void {
    this.#gate.reset()
    this.#range.reset()
    this.#truePeak.reset()
    this.#momentaryMax = -Infinity
    this.#shortTermMax = -Infinity
    this.#heard = 0
    this.#begin()
  }

  /** Integrated loudness, loudness range and all maxima stop and go on together (EBU Tech 3341), by whole hops as in `reset`. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return
    this.#paused = paused
    this.#truePeak.hold(paused)
    this.#begin()
  }

  #begin(): void {
    this.#age = this.#hopHeard + this.#hopLost > 0 ? -1 : 0
  }

  #readTruePeak(out: Float32Array): void {
    const { recent, max } = this.#truePeak
    this.#truePeak.settle()
    let largest = 0
    for (let c = 0; c < max.length; c++) {
      out[FIGURES.length + c] = amplitudeToDb(recent[c]!)
      out[FIGURES.length + max.length + c] = amplitudeToDb(max[c]!)
      largest = Math.max(largest, max[c]!)
    }
    const integrated = this.#gate.integrated
    out[10] = integrated === -Infinity ? -Infinity : amplitudeToDb(largest) - integrated
    this.#truePeak.takeRecent()
  }

  #endHop(): void {
    let energy = 0
    for (let c = 0; c < this.#weights.length; c++) {
      if (this.#weights[c]! > 0) energy += this.#weights[c]! * this.#energy.take(c)
    }
    if (!Number.isFinite(energy)) {
      energy = 0
      this.#hopLost += this.#hopHeard
      this.#hopHeard = 0
    }
    this.#momentary.push(energy, this.#hopHeard, this.#hopLost)
    this.#shortTerm.push(energy, this.#hopHeard, this.#hopLost)
    this.#hopHeard = 0
    this.#hopLost = 0
    this.#age++
    this.#evaluate()
  }

  #evaluate(): void {
    const block = this.#momentary.mean
    this.#momentaryNow = loudness(block)
    this.#shortTermNow = loudness(this.#shortTerm.mean)
    this.#momentaryPeak = Math.max(this.#momentaryPeak, this.#momentaryNow)
    this.#shortTermPeak = Math.max(this.#shortTermPeak, this.#shortTermNow)
    if (this.#paused) return
    if (this.#age >= MOMENTARY_HOPS && this.#momentary.whole) {
      this.#momentaryMax = Math.max(this.#momentaryMax, this.#momentaryNow)
      if (this.#age % GATE_STEP_HOPS === 0) this.#gate.add(block)
    }
    if (this.#age >= SHORT_TERM_HOPS && this.#shortTerm.whole) {
      this.#shortTermMax = Math.max(this.#shortTermMax, this.#shortTermNow)
      if (this.#age % GATE_STEP_HOPS === 0) this.#range.add(this.#shortTerm.mean)
    }
  }
}

export const loudnessMeter: MeterDefinition = {
  id: 'loudness',
  title: 'Loudness',
  layout,
  create: (shape, _, kernels = REFERENCE) => new LoudnessMeter(shape, kernels),
}
