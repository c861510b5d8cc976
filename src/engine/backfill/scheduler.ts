/**
 * Decides what to ask a node for again, how much at once and when, so that live sound never waits for old sound. Knows
 * no sockets and no timers: times are given, ns of the monotonic clock.
 */
import { NS_PER_SECOND } from '#shared/clock.ts'
import type { Tracker } from '#engine/tracker.ts'
import type { Ledger } from './ledger.ts'
import type { Range } from './ranges.ts'

const MS = NS_PER_SECOND / 1000n
/** A block that was only overtaken by the next one comes within this. */
const MIN_DELAY_NS = 40n * MS
/** Of one request, sound: what a node serves at most, a start that a slow link can take, and the least that is worth the trip. */
const MAX_SECONDS = 2
const FIRST_SECONDS = 0.25
const MIN_SECONDS = 0.05
/** An answer that takes longer is asked for in smaller pieces: a bulk of sound in the pipe holds live sound up. */
const SLOW_NS = 700n * MS
const QUICK_NS = 350n * MS
/** Pause behind an answer, as a multiple of the time it took: half of the link's time stays with live sound. */
const REST = 1n
/** While live sound is late: the least at a time, seldom, and a look whether it still is. */
const HELD_BACK_NS = 2n * NS_PER_SECOND
const LOOK_NS = 100n * MS
/** Failures: first pause and longest one. */
const BACK_OFF_NS = 250n * MS
const MAX_BACK_OFF_NS = 8n * NS_PER_SECOND
/** A ring loses sound by the block. */
const GRAIN_NS = 5n * MS
/** Not captured yet, or on its way to the node's disk. */
const FUTURE_NS = 500n * MS
/** Holes with little sound between them are asked for as one, when at least this part of it is missing; less while there are many. */
const DENSE = 4n
const DENSE_WHEN_MANY = 20n
const MANY = 16
/** Holes that wait for their delay, remembered one by one; more are asked for with the last. */
const MAX_YOUNG = 64

export interface Ask extends Range {
  readonly stream: bigint
}

export type Next = { readonly ask: Ask } | { readonly at: bigint } | undefined

export class Scheduler {
  readonly #tracker: Tracker
  /** Holes that arose a moment ago: what lies at or behind `from` is not asked for before `due`. */
  readonly #young: { readonly stream: bigint; readonly from: bigint; readonly due: bigint }[] = []
  readonly #later = new Map<bigint, bigint>()
  /** What lies before it is falling out of the ring faster than it can be asked for, and is tried last. */
  readonly #floors = new Map<bigint, bigint>()
  #seconds = FIRST_SECONDS
  #notBefore = 0n
  #askedAt: bigint | undefined
  #failures = 0

  constructor(tracker: Tracker) {
    this.#tracker = tracker
  }

  /** A hole that begins at `from` was noticed. */
  noticed(now: bigint, stream: bigint, from: bigint, roundTripNs: bigint): void {
    const delay = 2n * roundTripNs > MIN_DELAY_NS ? 2n * roundTripNs : MIN_DELAY_NS
    if (this.#young.length >= MAX_YOUNG) this.#young.pop()
    this.#young.push({ stream, from, due: now + delay })
  }

  /**
   * The next request, or when to look again; undefined while nothing is pending. Oldest sound first, for that falls out
   * of the ring first. `rate`: frames a second of a stream; `late`: live sound is held up.
   */
  next(now: bigint, rate: (stream: bigint) => number, late = false): Next {
    const rested = !late || this.#askedAt === undefined || now - this.#askedAt >= HELD_BACK_NS
    while (this.#young[0] && this.#young[0].due <= now) this.#young.shift()
    let at: bigint | undefined
    for (const ledger of this.#tracker.ledgers) {
      const index = this.#first(ledger)
      const first = ledger.pending.items[index]
      if (!first) continue
      const young = this.#young.find((y) => y.stream === ledger.stream)
      const free = !young || first.from < young.from ? 0n : young.due
      const due = max(this.#notBefore, free, this.#later.get(ledger.stream) ?? 0n)
      if (due <= now && !rested) return { at: now + LOOK_NS }
      if (due <= now) {
        const most = (late ? MIN_SECONDS : this.#seconds) * rate(ledger.stream)
        this.#askedAt = now
        return { ask: { stream: ledger.stream, ...this.#range(ledger, index, young?.from, most) } }
      }
      if (at === undefined || due < at) at = due
    }
    return at === undefined ? undefined : { at }
  }

  /** An answer with sound took `transferNs` beyond the round trip; `late`: live sound was held up meanwhile. */
  answered(now: bigint, transferNs: bigint, late: boolean): void {
    this.#failures = 0
    const tookNs = transferNs > 0n ? transferNs : 0n
    if (late) this.#seconds = MIN_SECONDS
    else if (tookNs > SLOW_NS) this.#seconds = Math.max(MIN_SECONDS, this.#seconds / 2)
    else if (tookNs < QUICK_NS) this.#seconds = Math.min(MAX_SECONDS, this.#seconds * 2)
    this.#notBefore = now + tookNs * REST
  }

  /**
   * What was asked for is gone, `oldest` is what the node still has. By the time of the next question that will have fallen
   * out too: it begins as much later as two of them take, `tookNs` each.
   */
  gone(stream: bigint, oldest: bigint, tookNs: bigint, rate: number): void {
    this.#failures = 0
    if (this.#floors.size > this.#tracker.ledgers.length) this.#floors.clear()
    // Less at a time than falls out meanwhile would never get ahead of it.
    this.#seconds = Math.min(MAX_SECONDS, Math.max(this.#seconds, (4 * Number(tookNs)) / 1e9))
    this.#floors.set(stream, oldest + (BigInt(rate) * (2n * tookNs + GRAIN_NS)) / NS_PER_SECOND)
  }

  /** The node does not have it yet. */
  future(now: bigint, stream: bigint): void {
    this.#failures = 0
    if (this.#later.size > this.#tracker.ledgers.length) this.#later.clear()
    this.#later.set(stream, now + FUTURE_NS)
  }

  /** No answer, no connection, or one that is of no use. */
  failed(now: bigint): void {
    const pause = BACK_OFF_NS << BigInt(Math.min(this.#failures, 10))
    this.#notBefore = now + (pause < MAX_BACK_OFF_NS ? pause : MAX_BACK_OFF_NS)
    this.#failures++
    this.#seconds = Math.max(MIN_SECONDS, Math.min(this.#seconds, FIRST_SECONDS) / 2)
  }

  /** There is a connection again: what failed for want of one may be tried at once. */
  connected(): void {
    this.#notBefore = 0n
    this.#failures = 0
    this.#seconds = FIRST_SECONDS
  }

  /** Index of the first pending range to ask for: the oldest one that is not falling out, or else the oldest. */
  #first({ stream, pending }: Ledger): number {
    const floor = this.#floors.get(stream)
    if (floor === undefined) return 0
    const index = pending.items.findIndex((range) => range.to > floor)
    if (index >= 0) return index
    this.#floors.delete(stream)
    return 0
  }

  #range({ stream, pending }: Ledger, index: number, young: bigint | undefined, frames: number): Range {
    const { items } = pending
    const floor = this.#floors.get(stream) ?? 0n
    const from = items[index]!.from > floor ? items[index]!.from : floor
    const most = from + BigInt(Math.max(1, Math.ceil(frames)))
    const dense = items.length > MANY ? DENSE_WHEN_MANY : DENSE
    let { to } = items[index]!
    let needed = to - from
    for (let i = index + 1; i < items.length && to < most; i++) {
      const item = items[i]!
      if (young !== undefined && item.from >= young) break
      needed += item.to - item.from
      if (needed * dense < item.to - from) break
      to = item.to
    }
    return { from, to: to < most ? to : most }
  }
}

function max(...values: bigint[]): bigint {
  return values.reduce((a, b) => (a > b ? a : b))
}
