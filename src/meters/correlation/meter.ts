/** How alike two channels are, which of them is louder, and the samples of both for a vectorscope. */
import { Correlation } from '#dsp/correlation.ts'
import { powerToDb } from '#dsp/decibel.ts'
import { Hops } from '#dsp/hops.ts'
import {
  type Choices,
  type Meter,
  type MeterDefinition,
  type Settings,
  settle,
  type Slot,
  type StreamShape,
} from '#meters/meter.ts'

/** 300 ms, as the correlation beside levels, and 3 s. */
const FAST_HOPS = 30
const SLOW_HOPS = 300
const FAST = 0
const SLOW = 1

/** Pairs of samples a second, or all where there are fewer: a picture of points has no use for more. */
const PAIRS_PER_SECOND = 8000
/** Newest pairs in every reading: 64 ms, four readings as a rule. */
export const PAIRS = 512
/** `count` starts again from 0 here, a multiple of `PAIRS`: a 32-bit float counts exactly. */
export const COUNT_MODULUS = 2 ** 22

const MOST_CHANNELS = 64
const channels = Array.from({ length: MOST_CHANNELS }, (_, c) => c + 1)
/** Two channels are a pair as they are: there is nothing to choose. */
const fits = (channel: string | number, shape: StreamShape): boolean =>
  shape.channels > 2 && Number(channel) <= shape.channels
const CHOICES = {
  left: { title: 'Left channel', values: channels, initial: 1, fits, say: (channel) => `L ${channel}` },
  right: { title: 'Right channel', values: channels, initial: 2, fits, say: (channel) => `R ${channel}` },
} as const satisfies Choices

const LAYOUT: readonly Slot[] = [
  /** Of the last 300 ms and 3 s: 1 alike, 0 unlike, -1 opposite; -Infinity, no figure, for silence. */
  { name: 'correlation', length: 1, unit: 'ratio', merge: 'last' },
  { name: 'slow', length: 1, unit: 'ratio', merge: 'last' },
  /** Least of the last 300 ms since the last reading; 1, which lowers nothing, while there was none. */
  { name: 'lowest', length: 1, unit: 'ratio', merge: 'min' },
  /** RMS of each of the two over the last 300 ms. */
  { name: 'leftRms', length: 1, unit: 'dBFS', merge: 'last' },
  { name: 'rightRms', length: 1, unit: 'dBFS', merge: 'last' },
  /** Which channels, counted from 0: the first two where those chosen are not there. */
  { name: 'left', length: 1, unit: 'count', merge: 'last' },
  { name: 'right', length: 1, unit: 'count', merge: 'last' },
  /** Pairs since the meter began, modulo `COUNT_MODULUS`; pair n stands at place n modulo `PAIRS`. Lost ones are not counted. */
  { name: 'count', length: 1, unit: 'count', merge: 'last' },
  { name: 'leftSamples', length: PAIRS, unit: 'ratio', merge: 'last' },
  { name: 'rightSamples', length: PAIRS, unit: 'ratio', merge: 'last' },
]
const SAMPLES_AT = LAYOUT.length - 2

class CorrelationMeter implements Meter {
  readonly #hops: Hops
  readonly #correlation: Correlation
  readonly #left: number
  readonly #right: number
  /** Frames from one pair to the next, and to the next one from here. */
  readonly #step: number
  #until = 0
  #count = 0
  readonly #leftSamples = new Float32Array(PAIRS)
  readonly #rightSamples = new Float32Array(PAIRS)
  #lowest = 1
  #hopHeard = 0
  #hopLost = 0
  /** One channel has nothing to be like: there is never news. */
  readonly fresh: boolean

  constructor({ rate, channels: count }: StreamShape, settings: Settings) {
    const { left, right } = settle(CHOICES, settings)
    const there = left <= count && right <= count
    this.#left = there ? left - 1 : 0
    this.#right = there ? right - 1 : Math.min(1, count - 1)
    this.#hops = new Hops(rate)
    this.#correlation = new Correlation(rate, FAST_HOPS, SLOW_HOPS)
    this.#step = Math.max(1, Math.round(rate / PAIRS_PER_SECOND))
    this.fresh = count > 1
  }

  process(planes: readonly Float32Array[], frames: number): void {
    if (!this.fresh) return
    const [left, right] = [planes[this.#left]!, planes[this.#right]!]
    this.#take(left, right, frames)
    for (let at = 0; at < frames;) {
      const n = Math.min(this.#hops.left, frames - at)
      this.#correlation.process(left, right, at, at + n)
      this.#hopHeard += n
      this.#advance(n)
      at += n
    }
  }

  gap(frames: number): void {
    this.#until = (((this.#until - frames) % this.#step) + this.#step) % this.#step
    let left = this.#hops.shorten(frames, SLOW_HOPS / 100 + 1)
    while (left > 0) {
      const n = Math.min(this.#hops.left, left)
      this.#hopLost += n
      this.#advance(n)
      left -= n
    }
  }

  read(out: Float32Array): void {
    out[0] = this.#correlation.value(FAST)
    out[1] = this.#correlation.value(SLOW)
    out[2] = this.#lowest
    out[3] = powerToDb(this.#correlation.power('left', FAST))
    out[4] = powerToDb(this.#correlation.power('right', FAST))
    out[5] = this.#left
    out[6] = this.#right
    out[7] = this.#count
    out.set(this.#leftSamples, SAMPLES_AT)
    out.set(this.#rightSamples, SAMPLES_AT + PAIRS)
    this.#lowest = 1
  }

  /** What is held is held by whoever looks. */
  reset(): void {}

  #take(left: Float32Array, right: Float32Array, frames: number): void {
    let at = this.#until
    for (; at < frames; at += this.#step) {
      const place = this.#count % PAIRS
      this.#leftSamples[place] = finite(left[at]!)
      this.#rightSamples[place] = finite(right[at]!)
      this.#count = (this.#count + 1) % COUNT_MODULUS
    }
    this.#until = at - frames
  }

  #advance(frames: number): void {
    if (!this.#hops.advance(frames)) return
    this.#correlation.endHop(this.#hopHeard, this.#hopLost)
    this.#hopHeard = 0
    this.#hopLost = 0
    const now = this.#correlation.value(FAST)
    if (now > -Infinity && now < this.#lowest) this.#lowest = now
  }
}

function finite(sample: number): number {
  return Number.isFinite(sample) ? sample : 0
}

export const correlationMeter: MeterDefinition = {
  id: 'correlation',
  title: 'Correlation',
  choices: CHOICES,
  onlyWhileWatched: true,
  layout: () => LAYOUT,
  create: (shape, settings = {}) => new CorrelationMeter(shape, settings),
}
