/** What one channel of the sound level meter knows. Powers are mean squares re full scale. */
import type { Kernels } from '#dsp/kernels.ts'
import { LevelStatistics } from '#dsp/level-statistics.ts'
import { SlidingMean } from '#dsp/sliding-mean.ts'
import { TIME_WEIGHTINGS, TimeWeightings } from '#dsp/time-weighting.ts'
import type { Weighted } from '#dsp/weighted-energy.ts'

/** Time weightings run, and maxima are formed, once a millisecond. */
export const TICKS_PER_SECOND = 1000
/** Statistics and the average of a second are renewed every 10 ms, the longer averages every second. */
const TICKS_PER_HOP = 10
const HOPS_PER_SECOND = TICKS_PER_SECOND / TICKS_PER_HOP
/** Windows of LAeq beyond a second, s. */
const LONG_S = [60, 300, 900, 3600] as const
const TICK_S = 1 / TICKS_PER_SECOND
/** Statistics are of this one. */
const LAF = TIME_WEIGHTINGS.indexOf('LAF')

export class SoundChannel {
  readonly #framesPerTick: number
  readonly weightings: TimeWeightings
  /** Of the tick, per tick's time: A, C, Z, and the share that was heard. */
  readonly #powers: Float64Array
  /** LAeq over 1 s, 1 min, 5 min, 15 min and 1 h. */
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

  constructor(rate: number, kernels: Kernels) {
    this.weightings = new TimeWeightings(TICK_S, kernels)
    this.#powers = kernels.bins(4)
    this.#framesPerTick = rate / TICKS_PER_SECOND
    this.windows = [
      new SlidingMean(HOPS_PER_SECOND, rate, 0),
      ...LONG_S.map((seconds) => new SlidingMean(seconds, seconds * rate, 0)),
    ]
  }

  /** Adds a tick: its sums of squares over `heard` frames, of which `lost` more are missing. `counts`: towards what a reset clears. */
  push(tick: Readonly<Weighted>, heard: number, lost: number, counts: boolean): void {
    const powers = this.#powers
    powers[0] = tick.a / this.#framesPerTick
    powers[1] = tick.c / this.#framesPerTick
    powers[2] = tick.z / this.#framesPerTick
    powers[3] = heard / this.#framesPerTick
    this.weightings.push(powers, counts)
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
    this.weightings.reset()
    this.statistics.reset()
    this.total.a = 0
    this.total.c = 0
    this.total.z = 0
    this.total.peakC = 0
    this.heard = 0
    this.lost = 0
  }

  #endHop(counts: boolean): void {
    if (counts && this.weightings.whole(LAF)) this.statistics.add(this.weightings.now(LAF))
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
