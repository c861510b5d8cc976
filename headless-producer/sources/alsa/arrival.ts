/** When were frames captured that come through pipes and a scheduler, and are any missing that nobody reported? */
import { NS_PER_SECOND } from '#shared/clock.ts'

/** Sound device clocks are within 0.02 % of the computer's; this follows five times as much. */
const DRIFT = 0.001
/** How fast a better estimate is taken over, so that time stamps stay smooth and never go back. */
const SLEW = 0.1
/** Lateness that does not go away for a whole window cannot be a queue, for queues are drained: frames are missing. */
const WINDOW_S = 2
const MISSING_S = 0.25

/**
 * Sound never arrives before it was captured, so the earliest arrivals are closest to the truth: the estimate is the
 * lowest line through (frames so far, time of arrival) that the device's drift allows.
 */
export class ArrivalClock {
  #rate: number
  #frames = 0
  #origin = 0n
  /** Capture time of frame 0 by the present estimate, s after `#origin`. */
  #offset = 0
  #synced = false
  #window = { frames: 0, least: Infinity }

  constructor(rate: number) {
    this.#rate = rate
  }

  /** `frames` more have arrived. Returns the capture time of the last of them, monotonic, ns. */
  arrived(frames: number, nowNs: bigint): bigint {
    if (this.#origin === 0n) this.#origin = nowNs
    this.#frames += frames
    const span = frames / this.#rate
    const late = this.#secondsSince(nowNs) - this.#frames / this.#rate - this.#offset
    if (!this.#synced) {
      this.#synced = true
      if (this.#frames === frames || late > 0) this.#offset += late
    } else if (late < 0) this.#offset -= Math.min(-late, SLEW * span)
    else this.#offset += Math.min(late, DRIFT * span)
    this.#window.frames += frames
    this.#window.least = Math.min(this.#window.least, late)
    return this.#origin + BigInt(Math.round((this.#offset + this.#frames / this.#rate) * 1e9))
  }

  /** `frames` are known to be missing before those that come next. */
  lost(frames: number): void {
    this.#frames += frames
    this.#synced = false
    this.#window = { frames: 0, least: Infinity }
  }

  /** Frames that the clock says are missing though nobody reported them; call after `arrived`. Most often 0. */
  missing(): number {
    const { frames, least } = this.#window
    if (frames < WINDOW_S * this.#rate) return 0
    this.#window = { frames: 0, least: Infinity }
    return least > MISSING_S ? Math.round(least * this.#rate) : 0
  }

  #secondsSince(nowNs: bigint): number {
    return Number(nowNs - this.#origin) / Number(NS_PER_SECOND)
  }
}
