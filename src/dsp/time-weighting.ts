/** Time weightings F, S and I (IEC 61672-1, 5.8; I as in the former IEC 60651). */

export const FAST_S = 0.125
export const SLOW_S = 1
const IMPULSE_S = 0.035
/** Time in which a held impulse falls to 1/e: 2.9 dB/s. */
const IMPULSE_FALL_S = 1.5

/** An average is one while at least this share of its window was heard, as in sliding-mean.ts. */
export const LEAST_COVER = 0.5
/** From this share on it is good for a minimum. */
const WHOLE_COVER = 0.9
/** When so little of the window was heard, it is forgotten: a gap of seven time constants. */
export const FORGOTTEN = 1e-3
/** A mean this small is on its way to denormal numbers. */
export const TINY = 1e-100

/**
 * Exponential average of power, renewed once a tick: the window that weighs the past by exp(-age / tau).
 *
 * Lost sound is neither sound nor silence: `average` is over what was heard in the window, and there is one only while that
 * is at least half of it. `atLeast` takes what was lost, and all before the stream began, for silence: what was surely
 * reached. Maxima are formed of it, so that a few milliseconds beside a gap do not set one.
 */
export class ExponentialMean {
  readonly #step: number
  #mean = 0
  #cover = 0

  /** Time constant and tick, s. */
  constructor(tau: number, tick: number) {
    this.#step = -Math.expm1(-tick / tau)
  }

  /** Adds a tick: `power` is its energy per tick's time, `heard` the share of it that was heard (energy is of that alone). */
  push(power: number, heard: number): void {
    const cover = this.#cover + this.#step * (heard - this.#cover)
    const mean = this.#mean + this.#step * (power - this.#mean)
    const forgotten = heard === 0 && cover < FORGOTTEN
    this.#cover = forgotten ? 0 : cover
    this.#mean = forgotten || mean < TINY ? 0 : mean
  }

  get average(): number {
    return this.#cover >= LEAST_COVER ? this.#mean / this.#cover : 0
  }

  get atLeast(): number {
    return this.#mean
  }

  /** Whether there is an average. */
  get known(): boolean {
    return this.#cover >= LEAST_COVER
  }

  /** Whether nearly all of the window was heard. */
  get whole(): boolean {
    return this.#cover >= WHOLE_COVER
  }
}

/** I: an average of 35 ms, and of it a peak that falls by 2.9 dB/s. */
export class ImpulseMean {
  readonly #mean: ExponentialMean
  readonly #fall: number
  #held = 0
  #atLeast = 0

  /** Tick in s. */
  constructor(tick: number) {
    this.#mean = new ExponentialMean(IMPULSE_S, tick)
    this.#fall = Math.exp(-tick / IMPULSE_FALL_S)
  }

  push(power: number, heard: number): void {
    this.#mean.push(power, heard)
    this.#held = this.#next(this.#held, this.#mean.average)
    this.#atLeast = this.#next(this.#atLeast, this.#mean.atLeast)
  }

  get average(): number {
    return this.#mean.known ? this.#held : 0
  }

  get atLeast(): number {
    return this.#atLeast
  }

  get known(): boolean {
    return this.#mean.known
  }

  get whole(): boolean {
    return this.#mean.whole
  }

  #next(held: number, mean: number): number {
    // What was held before a gap that the average does not bridge is forgotten with it.
    const fallen = this.#mean.atLeast > 0 || this.#mean.known ? held * this.#fall : 0
    return fallen > mean && fallen > TINY ? fallen : mean
  }
}
