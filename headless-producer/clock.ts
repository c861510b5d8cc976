import type { Clock } from '#shared/clock.ts'

const NS_PER_MS = 1_000_000n

/** A change of UTC against the monotonic clock by more than this is a step (someone set the clock), not slewing by NTP. */
const STEP_NS = 50n * NS_PER_MS

/**
 * The node's clocks. `Date.now()` has whole milliseconds, so each reading only says that UTC lies within one of them;
 * the offset to the monotonic clock is held inside every interval seen, which is finer than a millisecond and smooth.
 */
export class SystemClock implements Clock {
  #offset = 0n
  #known = false
  #steps = 0

  monotonicNs(): bigint {
    return process.hrtime.bigint()
  }

  utcNs(): bigint {
    return this.utcOf(this.monotonicNs())
  }

  /** UTC of a moment on the monotonic clock, ns, by the offset last observed. */
  utcOf(monotonicNs: bigint): bigint {
    if (!this.#known) this.observe()
    return monotonicNs + this.#offset
  }

  /** Times that UTC was seen to jump. */
  get steps(): number {
    return this.#steps
  }

  /** Compares the clocks. Returns true when UTC jumped since the last comparison. */
  observe(now = this.monotonicNs(), utcMs = Date.now()): boolean {
    const low = BigInt(utcMs) * NS_PER_MS - now
    const high = low + NS_PER_MS
    const before = this.#offset
    if (!this.#known || this.#offset < low) this.#offset = low
    else if (this.#offset > high) this.#offset = high
    const moved = this.#offset > before ? this.#offset - before : before - this.#offset
    const stepped = this.#known && moved > STEP_NS
    this.#known = true
    if (stepped) this.#steps++
    return stepped
  }
}
