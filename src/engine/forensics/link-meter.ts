/** Measures how the live sound of a node comes, second by second, and remembers ten minutes of it. One tick a second. */
import { LINK_HISTORY_SECONDS, type LinkHistory } from '#contract/link-health.ts'
import { framesToNs } from '#shared/clock.ts'
import { HEADER_BYTES, type BlockHeader } from '#wire/packet.ts'

export interface LinkSecond {
  /** When it ended, ms since 1970. */
  readonly at: number
  readonly latencyMs: number | undefined
  readonly latencyMaxMs: number | undefined
  readonly jitterMs: number | undefined
  readonly roundTripMs: number | undefined
  readonly heardMs: number
  readonly missingMs: number
  readonly bitsPerSecond: number
}

/** RFC 3550, 6.4.1: the gain that tells jitter from noise and still converges quickly. */
const JITTER_GAIN = 16

export class LinkMeter {
  readonly #seconds: LinkSecond[] = []
  #tickAt: bigint | undefined
  #stream: bigint | undefined
  /** Arrival minus capture of the newest block, each by its own clock, ns. */
  #transit = 0n
  #jitterNs = 0
  #blocks = 0
  #timed = 0
  #latencySum = 0
  #latencyMax = -Infinity
  #bytes = 0
  #heardMs = 0
  #missingMs = 0
  #roundTripMs: number | undefined

  /** The newest second that is over; undefined before the first. */
  get newest(): LinkSecond | undefined {
    return this.#seconds.at(-1)
  }

  /** A live block of `bytes` of samples came; `latencyNs` of its last frame, where the clocks are mapped. */
  block(now: bigint, header: BlockHeader, bytes: number, latencyNs: bigint | undefined): void {
    const captured = header.monotonicNs + framesToNs(BigInt(header.frames), header.rate)
    const transit = now - captured
    // Another stream may have another clock.
    if (this.#stream === header.stream)
      this.#jitterNs += (Math.abs(Number(transit - this.#transit)) - this.#jitterNs) / JITTER_GAIN
    else this.#jitterNs = 0
    this.#stream = header.stream
    this.#transit = transit
    this.#blocks++
    this.#bytes += bytes + HEADER_BYTES
    this.#heardMs += (1000 * header.frames) / header.rate
    if (latencyNs === undefined) return
    const latencyMs = Number(latencyNs) / 1e6
    this.#timed++
    this.#latencySum += latencyMs
    this.#latencyMax = Math.max(this.#latencyMax, latencyMs)
  }

  /** Live sound was found missing on its way. */
  missing(ms: number): void {
    this.#missingMs += ms
  }

  /** The node answered. */
  answered(roundTripMs: number): void {
    this.#roundTripMs = roundTripMs
  }

  /** Ends a second. `now` in ns, `utcMs` since 1970. */
  tick(now: bigint, utcMs: number): void {
    if (this.#tickAt !== undefined && now > this.#tickAt) {
      const elapsed = Number(now - this.#tickAt) / 1e9
      this.#seconds.push({
        at: utcMs,
        latencyMs: this.#timed > 0 ? this.#latencySum / this.#timed : undefined,
        latencyMaxMs: this.#timed > 0 ? this.#latencyMax : undefined,
        jitterMs: this.#blocks > 0 ? this.#jitterNs / 1e6 : undefined,
        roundTripMs: this.#roundTripMs,
        heardMs: this.#heardMs,
        missingMs: this.#missingMs,
        bitsPerSecond: (8 * this.#bytes) / elapsed,
      })
      if (this.#seconds.length > LINK_HISTORY_SECONDS) this.#seconds.shift()
    }
    this.#tickAt = now
    this.#blocks = 0
    this.#timed = 0
    this.#latencySum = 0
    this.#latencyMax = -Infinity
    this.#bytes = 0
    this.#heardMs = 0
    this.#missingMs = 0
    this.#roundTripMs = undefined
  }

  /** Seconds that ended after `since`, ms since 1970. */
  history(since: number): LinkHistory {
    const seconds = this.#seconds.filter(({ at }) => at > since)
    const of = (pick: (second: LinkSecond) => number | undefined): (number | null)[] =>
      seconds.map((second) => pick(second) ?? null)
    return {
      at: seconds.map(({ at }) => at),
      latencyMs: of((s) => s.latencyMs),
      latencyMaxMs: of((s) => s.latencyMaxMs),
      jitterMs: of((s) => s.jitterMs),
      roundTripMs: of((s) => s.roundTripMs),
      heardMs: seconds.map(({ heardMs }) => heardMs),
      missingMs: seconds.map(({ missingMs }) => missingMs),
    }
  }
}
