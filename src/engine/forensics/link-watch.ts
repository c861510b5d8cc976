/** Watches whether live sound comes as fast as it is captured. Times are ns of the monotonic clock; one tick a second. */
import { NS_PER_SECOND } from '#shared/clock.ts'

/** Old sound gives way to live sound that is this much later than the link's round trip explains. */
const LAGGING_NS = NS_PER_SECOND / 4n
/** Live sound that has not come for this long is held up too. */
const QUIET_NS = NS_PER_SECOND / 2n
/** Later than this, and not getting better, is not a hiccup. */
const SLOW_NS = NS_PER_SECOND
const RECOVERING_NS = (3n * NS_PER_SECOND) / 10n
const GOOD_NS = NS_PER_SECOND / 2n
/** Seconds that are looked at together. */
const WINDOW = 5
const ENOUGH = 0.95

interface Second {
  /** Sound that came, as a part of what was captured meanwhile. */
  readonly share: number
  readonly gap: boolean
  readonly lag: bigint
}

export class LinkWatch {
  #frames = 0
  #rate = 0
  #gap = false
  #blockAt: bigint | undefined
  #lag = 0n
  #tickAt: bigint | undefined
  readonly #seconds: Second[] = []
  #good = 0
  #slow = false

  /** A live block came; `age`: how late its end is here, where that is known. */
  block(now: bigint, frames: number, rate: number, age: bigint | undefined): void {
    this.#blockAt = now
    this.#frames += frames
    this.#rate = rate
    if (age !== undefined) this.#lag = age
  }

  /** Live sound is missing on the way. */
  gap(): void {
    this.#gap = true
  }

  /** Live sound is held up. `roundTrip`: the link's own, at its best; `running`: there is live sound to come. */
  lagging(now: bigint, roundTrip: bigint, running: boolean): boolean {
    if (running && this.#blockAt !== undefined && now - this.#blockAt > QUIET_NS) return true
    return running && this.#lag > LAGGING_NS + roundTrip
  }

  /** The link carries less than its stream needs; `share` of it came in the last seconds. */
  get slow(): { readonly share: number } | undefined {
    if (!this.#slow) return undefined
    const sum = this.#seconds.reduce((total, s) => total + s.share, 0)
    return { share: Math.min(1, sum / Math.max(1, this.#seconds.length)) }
  }

  tick(now: bigint): void {
    if (this.#tickAt !== undefined && this.#rate > 0) {
      const elapsed = Number(now - this.#tickAt) / 1e9
      this.#look({ share: this.#frames / (this.#rate * elapsed), gap: this.#gap, lag: this.#lag })
    }
    this.#tickAt = now
    this.#frames = 0
    this.#gap = false
  }

  #look(second: Second): void {
    const before = this.#seconds.at(-1)
    this.#seconds.push(second)
    if (this.#seconds.length > WINDOW) this.#seconds.shift()
    // A second without any sound is an outage, which is another matter.
    if (this.#seconds.some((s) => s.share === 0)) return
    const all = this.#seconds.length === WINDOW
    const mean = this.#seconds.reduce((total, s) => total + s.share, 0) / this.#seconds.length
    const late = before !== undefined && before.lag > SLOW_NS && second.lag > before.lag - RECOVERING_NS
    const short = all && mean < ENOUGH && this.#seconds.some((s) => s.gap)
    if ((late && second.lag > SLOW_NS) || short) {
      this.#slow = true
      this.#good = 0
    } else if (second.lag < GOOD_NS && !second.gap && ++this.#good >= WINDOW) this.#slow = false
  }
}
