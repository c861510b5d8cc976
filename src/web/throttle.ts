/**
 * Slows down guessing. A try is counted before it is checked, so that many at once gain nothing, and forgiven when it was
 * right. One guesser has a few tries and then waits, twice as long each time. All guessers together are slowed too, but
 * only to a short wait: otherwise a stranger could lock the owner out.
 */

interface Limit {
  /** Tries without a wait. */
  readonly free: number
  readonly maxWaitMs: number
}

const ONE: Limit = { free: 5, maxWaitMs: 15 * 60_000 }
const ALL: Limit = { free: 30, maxWaitMs: 5_000 }
/** A guesser who was quiet this long starts anew. */
const FORGET_MS = 60 * 60_000
const MAX_GUESSERS = 1024

interface Tries {
  count: number
  last: number
}

export class Throttle {
  readonly #now: () => number
  readonly #guessers = new Map<string, Tries>()
  readonly #all: Tries = { count: 0, last: -Infinity }

  /** `now`: monotonic ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** How long to wait before the next try, ms. 0: this try counts and may be checked. */
  begin(guesser: string): number {
    const now = this.#now()
    const tries = this.#guessers.get(guesser) ?? { count: 0, last: -Infinity }
    const wait = Math.max(waitOf(tries, ONE, now), waitOf(this.#all, ALL, now))
    if (wait > 0) return wait
    count(tries, now)
    count(this.#all, now)
    this.#guessers.delete(guesser)
    this.#guessers.set(guesser, tries)
    if (this.#guessers.size > MAX_GUESSERS) this.#guessers.delete(this.#guessers.keys().next().value!)
    return 0
  }

  /** The try was right. */
  forgive(guesser: string): void {
    this.#guessers.delete(guesser)
    this.#all.count = Math.max(0, this.#all.count - 1)
  }
}

function waitOf(tries: Tries, limit: Limit, now: number): number {
  if (tries.count < limit.free || now - tries.last >= FORGET_MS) return 0
  const wait = Math.min(1000 * 2 ** (tries.count - limit.free), limit.maxWaitMs)
  return Math.max(0, tries.last + wait - now)
}

function count(tries: Tries, now: number): void {
  tries.count = now - tries.last >= FORGET_MS ? 1 : tries.count + 1
  tries.last = now
}
