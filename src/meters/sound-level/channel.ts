/** What one channel of the sound level meter knows. Powers are mean squares re full scale. */
import { LevelStatistics } from '#dsp/level-statistics.ts'
import { SlidingMean } from '#dsp/sliding-mean.ts'
import { ExponentialMean, FAST_S, ImpulseMean, SLOW_S } from '#dsp/time-weighting.ts'
import type { Weighted } from '#dsp/weighted-energy.ts'

/** Time weightings run, and maxima are formed, once a millisecond. */
export const TICKS_PER_SECOND = 1000
/** Statistics and the average of a second are renewed every 10 ms, the longer averages every second. */
const TICKS_PER_HOP = 10
const HOPS_PER_SECOND = TICKS_PER_SECOND / TICKS_PER_HOP
/** Windows of LAeq beyond a second, s. */
const LONG_S = [60, 900, 3600] as const
const TICK_S = 1 / TICKS_PER_SECOND

/** One time weighting of one frequency weighting, with its extremes since reset. */
export class Ballistic {
  readonly #mean: ExponentialMean | ImpulseMean
  max = 0
  /** Infinity while there is none. */
  min = Infinity

  constructor(mean: ExponentialMean | ImpulseMean) {
    this.#mean = mean
  }

  push(power: number, heard: number, counts: boolean): void {
    this.#mean.push(power, heard)
    if (!counts) return
    if (this.#mean.atLeast > this.max) this.max = this.#mean.atLeast
    if (this.#mean.whole && this.#mean.average < this.min) this.min = this.#mean.average
  }

  get now(): number {
    return this.#mean.average
  }

  get known(): boolean {
    return this.#mean.known
  }

  reset(): void {
    this.max = 0
    this.min = Infinity
  }
}

export class SoundChannel {
  readonly #framesPerTick: number
  readonly #laf = new Ballistic(new ExponentialMean(FAST_S, TICK_S))
  readonly #las = new Ballistic(new ExponentialMean(SLOW_S, TICK_S))
  readonly #lai = new Ballistic(new ImpulseMean(TICK_S))
  readonly #lcf = new Ballistic(new ExponentialMean(FAST_S, TICK_S))
  readonly #lcs = new Ballistic(new ExponentialMean(SLOW_S, TICK_S))
  readonly #lzf = new Ballistic(new ExponentialMean(FAST_S, TICK_S))
  readonly #lzs = new Ballistic(new ExponentialMean(SLOW_S, TICK_S))
  /** In the order of the layout: LAF LAS LAI LCF LCS LZF LZS. */
  readonly ballistics = [this.#laf, this.#las, this.#lai, this.#lcf, this.#lcs, this.#lzf, this.#lzs]
  /** LAeq over 1 s, 1 min, 15 min and 1 h. */
  readonly windows: readonly SlidingMean[]
  readonly statistics = new LevelStatistics()
  /** Sums of squares since reset, and frames heard and lost in them. */
  readonly total: Weighted = { a: 0, c: 0, z: 0, peakC: 0 }
  heard = 0
  lost = 0
  /** Largest C-weighted size since the last reading. */
  peakC = 0
  #tick = 0
  #hopEnergy = 0
  #hopHeard = 0
  #hopLost = 0
  #secondEnergy = 0
  #secondHeard = 0
  #secondLost = 0

  constructor(rate: number) {
    this.#framesPerTick = rate / TICKS_PER_SECOND
    this.windows = [
      new SlidingMean(HOPS_PER_SECOND, rate, 0),
      ...LONG_S.map((seconds) => new SlidingMean(seconds, seconds * rate, 0)),
    ]
  }

  /** Adds a tick: its sums of squares over `heard` frames, of which `lost` more are missing. `counts`: towards what a reset clears. */
  push(tick: Readonly<Weighted>, heard: number, lost: number, counts: boolean): void {
    const share = heard / this.#framesPerTick
    const a = tick.a / this.#framesPerTick
    const c = tick.c / this.#framesPerTick
    const z = tick.z / this.#framesPerTick
    this.#laf.push(a, share, counts)
    this.#las.push(a, share, counts)
    this.#lai.push(a, share, counts)
    this.#lcf.push(c, share, counts)
    this.#lcs.push(c, share, counts)
    this.#lzf.push(z, share, counts)
    this.#lzs.push(z, share, counts)
    if (counts) {
      this.total.a += tick.a
      this.total.c += tick.c
      this.total.z += tick.z
      this.total.peakC = Math.max(this.total.peakC, tick.peakC)
      this.heard += heard
      this.lost += lost
    }
    this.peakC = Math.max(this.peakC, tick.peakC)
    this.#hopEnergy += tick.a
    this.#hopHeard += heard
    this.#hopLost += lost
    this.#tick++
    if (this.#tick % TICKS_PER_HOP === 0) this.#endHop(counts)
    if (this.#tick === TICKS_PER_SECOND) this.#endSecond()
  }

  /** A whole second was lost, after the time weightings had forgotten all before it. */
  loseSecond(rate: number, counts: boolean): void {
    if (counts) this.lost += rate
    for (const window of this.windows) window.push(0, 0, rate)
  }

  reset(): void {
    for (const ballistic of this.ballistics) ballistic.reset()
    this.statistics.reset()
    this.total.a = 0
    this.total.c = 0
    this.total.z = 0
    this.total.peakC = 0
    this.heard = 0
    this.lost = 0
  }

  #endHop(counts: boolean): void {
    if (counts && this.#laf.known) this.statistics.add(this.#laf.now)
    this.windows[0]!.push(this.#hopEnergy, this.#hopHeard, this.#hopLost)
    this.#secondEnergy += this.#hopEnergy
    this.#secondHeard += this.#hopHeard
    this.#secondLost += this.#hopLost
    this.#hopEnergy = 0
    this.#hopHeard = 0
    this.#hopLost = 0
  }

  #endSecond(): void {
    for (let i = 1; i < this.windows.length; i++) {
      this.windows[i]!.push(this.#secondEnergy, this.#secondHeard, this.#secondLost)
    }
    this.#tick = 0
    this.#secondEnergy = 0
    this.#secondHeard = 0
    this.#secondLost = 0
  }
}
