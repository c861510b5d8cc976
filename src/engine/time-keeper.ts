/** Asks a node for its time and maps its clocks by what it answers. */
import { NS_PER_SECOND, type Clock } from '#shared/clock.ts'
import type { TimeReply } from '#wire/control.ts'
import { NodeClock } from './node-clock.ts'

/** Exchanges of times at the start, one right after the other, so that the clocks are mapped before somebody records. */
const FIRST_EXCHANGES = 5

export class TimeKeeper {
  readonly node = new NodeClock()
  readonly #clock: Clock
  readonly #ask: (t1: bigint) => void
  #roundTripMs: number | undefined
  /** The node's UTC minus its monotonic clock, ns, as it said last. */
  #wallNs: bigint | undefined

  /** `ask` sends a request for the time that was sent at `t1` of our clock, ns. */
  constructor(clock: Clock, ask: (t1: bigint) => void) {
    this.#clock = clock
    this.#ask = ask
  }

  /** Of the newest exchange, ms; undefined before the first. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs
  }

  /** The shortest round trip there is to go by, ns; 0 before the first exchange. */
  get bestRoundTripNs(): bigint {
    return BigInt(Math.round((this.node.view?.roundTripMs ?? 0) * 1e6))
  }

  /** The node's wall clock minus ours, ms; undefined before the first exchange. */
  get wallOffsetMs(): number | undefined {
    const { view } = this.node
    if (!view || this.#wallNs === undefined) return undefined
    const nodeUtc = this.#clock.monotonicNs() + view.offsetNs + this.#wallNs
    return Number(nodeUtc - this.#clock.utcNs()) / 1e6
  }

  inquire(): void {
    this.#ask(this.#clock.monotonicNs())
  }

  /** Returns the round trip, ms; undefined for an answer that makes no sense. */
  answered({ t1, t2, t3, utc }: TimeReply): number | undefined {
    const t4 = this.#clock.monotonicNs()
    const away = t4 - t1 - (t3 - t2)
    if (away < 0n || away >= 10n * NS_PER_SECOND) return undefined
    this.#roundTripMs = Number(away) / 1e6
    this.#wallNs = utc - t3
    this.node.exchange({ t1, t2, t3, t4 })
    if (this.node.exchanges < FIRST_EXCHANGES) this.inquire()
    return this.#roundTripMs
  }
}
