/**
 * Knows which frames of a node's streams have come. Everything is counted in positions, so that loss is exact to the
 * frame whatever the network did to the blocks.
 *
 * Invariant: of the live stream, `frames = (expected - start) - missing`, and holes are disjoint, ascending and below `expected`.
 */
import { framesToNs, NS_PER_SECOND } from '#shared/clock.ts'
import type { BlockHeader } from '#wire/packet.ts'
import { Ledger } from './backfill/ledger.ts'
import type { Range } from './backfill/ranges.ts'

/** Frames that have not come: lost on the way (`network`) or before the node saw them (`capture`). */
export interface Gap extends Range {
  readonly stream: bigint
  readonly cause: 'network' | 'capture'
}

/**
 * Frames that will never come. capture: the node never had them. network: lost on the way, and the node keeps nothing to
 * send again. ring: they fell out of the node's ring before they could be fetched. node: the node restarted and forgot them.
 */
export interface LostRange extends Range {
  readonly stream: bigint
  readonly cause: 'capture' | 'network' | 'ring' | 'node'
}

export type Arrival =
  /** The first block heard of a stream. */
  | { readonly kind: 'stream' }
  /** The newest sound so far; `gap` is what is missing right before it. */
  | { readonly kind: 'live'; readonly gap?: Gap }
  /** Came after a later block and fills `frames` of a hole. */
  | { readonly kind: 'late'; readonly frames: number }
  | { readonly kind: 'duplicate' }
  /** Belongs to a stream that has ended. */
  | { readonly kind: 'stale' }
  /** Claims a position that its own capture time contradicts: damaged on its way, for the CRC covers only the samples. */
  | { readonly kind: 'implausible' }

/** Behind every position. */
export const END_OF_STREAM = 2n ** 64n

/** Ended streams remembered, so that a replay of an old one is not taken for a new one. */
const ENDED_STREAMS = 64
/** Streams whose holes are remembered; a node that begins more of them within its ring has a loose plug. */
const MAX_LEDGERS = 32
/** A position may run ahead of the capture clock by this much; a device whose clock is 1 % off would need 17 minutes of outage to get there. */
const MAX_AHEAD_NS = 10n * NS_PER_SECOND

export class Tracker {
  /** Whether holes that arise from now on are needed: then they are pending until they come or are lost. */
  needed = false
  #live: Ledger | undefined
  #sequence = 0n
  #capturedNs = 0n
  /** Oldest stream first. */
  readonly #ledgers: Ledger[] = []
  #ended: bigint[] = []
  #forgotten: LostRange[] = []
  readonly counters = {
    blocks: 0,
    frames: 0,
    gaps: 0,
    missingFrames: 0,
    late: 0,
    duplicates: 0,
    stale: 0,
    repairedFrames: 0,
    goneFrames: 0,
  }

  get stream(): bigint | undefined {
    return this.#live?.stream
  }

  get live(): Ledger | undefined {
    return this.#live
  }

  /** Frames of the live stream that are missing now, oldest first. */
  get holes(): readonly Range[] {
    return this.#live?.missing.items ?? []
  }

  /** Streams known, oldest first. */
  get ledgers(): readonly Ledger[] {
    return this.#ledgers
  }

  /** Frames that are needed and may still come, as far as their number is known. */
  get pendingFrames(): number {
    return this.#ledgers.reduce((sum, { pending }) => sum + (isOpenEnded(pending) ? 0 : pending.frames), 0)
  }

  ledger(stream: bigint): Ledger | undefined {
    return this.#ledgers.find((l) => l.stream === stream)
  }

  /** The stream is not the live one any more. */
  hasEnded(stream: bigint): boolean {
    return this.#ended.includes(stream)
  }

  accept(block: BlockHeader): Arrival {
    const { counters } = this
    const live = this.#live
    if (block.stream !== live?.stream) {
      if (this.#ended.includes(block.stream)) {
        counters.stale++
        return { kind: 'stale' }
      }
      this.#begin(block)
      return { kind: 'stream' }
    }
    const from = block.firstFrame
    const to = from + BigInt(block.frames)
    if (from >= live.heard) {
      const ahead = framesToNs(from - live.heard, block.rate) - (block.monotonicNs - this.#capturedNs)
      if (ahead > MAX_AHEAD_NS) return { kind: 'implausible' }
      const gap = from > live.heard ? this.#gap(live, block) : undefined
      this.#advance(live, block)
      return gap ? { kind: 'live', gap } : { kind: 'live' }
    }
    const frames = this.#came(live, from, to)
    if (frames === 0) {
      counters.duplicates++
      return { kind: 'duplicate' }
    }
    counters.late++
    return { kind: 'late', frames }
  }

  /** A block that was asked for again. Returns how many frames it fills; 0: none of it is missing any more. */
  repair(block: BlockHeader): number {
    const ledger = this.ledger(block.stream)
    if (!ledger) return 0
    const { missingFrames } = this.counters
    const frames = this.#came(ledger, block.firstFrame, block.firstFrame + BigInt(block.frames))
    // What a take wants from before its start was never lost on the way.
    this.counters.repairedFrames += missingFrames - this.counters.missingFrames
    return frames
  }

  /**
   * [from, to) of a stream is needed, whether it was heard once or not; END_OF_STREAM: whatever there is. Of the live stream
   * only what has passed, for the rest comes by itself.
   */
  want(stream: bigint, from: bigint, to: bigint): void {
    const ledger = this.ledger(stream) ?? this.#open(stream, 'oldest')
    const end = ledger === this.#live && to > ledger.heard ? ledger.heard : to
    this.#forget(ledger, ledger.pending.add(from, end), 'network')
  }

  /** What of [from, to) is pending, and what lies behind the newest frame of a stream that may go on. */
  unsettled(stream: bigint, from: bigint, to: bigint): readonly Range[] {
    const ledger = this.ledger(stream)
    if (!ledger) return []
    const { heard, over } = ledger
    const pending = ledger.pending.within(from, to)
    // Of a stream that was wanted before it was heard, all that may come is pending.
    if (over || heard === 0n || to <= heard) return pending
    return [...pending, { from: from > heard ? from : heard, to }]
  }

  /** [from, to) of a stream should have been heard and was not: its beginning or its end, or all of it. */
  missed(stream: bigint, from: bigint, to: bigint): void {
    if (from >= to) return
    const ledger = this.ledger(stream) ?? this.#open(stream, 'newest')
    if (to > ledger.heard) ledger.heard = to
    if (this.hasEnded(stream)) ledger.over = true
    this.#hole(ledger, { from, to }, 'network')
  }

  /** The stream is over and has nothing at or behind `end`. Its live packets are stale from now on. */
  end(stream: bigint, end: bigint): void {
    const ledger = this.ledger(stream)
    if (ledger) ledger.over = true
    this.passed(stream, end)
    this.#stale(stream)
  }

  /** The stream has nothing at or behind `end`: what was wanted of it there is not lost, there never was such a thing. */
  passed(stream: bigint, end: bigint): void {
    this.ledger(stream)?.pending.take(end, END_OF_STREAM)
  }

  /** What is pending of [from, to) will never come; returns it. Of what was wanted without an end only what is known to have been. */
  lose(stream: bigint, from: bigint, to: bigint, cause: LostRange['cause']): readonly LostRange[] {
    const ledger = this.ledger(stream)
    if (!ledger) return []
    const out: LostRange[] = []
    for (const range of ledger.pending.take(from, to)) {
      const end = range.to === END_OF_STREAM ? ledger.heard : range.to
      if (end > range.from) out.push(this.#lost({ stream, from: range.from, to: end, cause }))
    }
    return out
  }

  /** What was lost by itself: at capture, or because there were too many holes or streams to remember. Each is told once. */
  forgotten(): readonly LostRange[] {
    if (this.#forgotten.length === 0) return []
    const out = this.#forgotten
    this.#forgotten = []
    return out
  }

  #stale(stream: bigint): void {
    if (this.#ended.includes(stream)) return
    this.#ended.push(stream)
    if (this.#ended.length > ENDED_STREAMS) this.#ended.shift()
  }

  #begin(block: BlockHeader): void {
    // How far the stream before went is not known yet: its end may have been missed.
    if (this.#live) this.#stale(this.#live.stream)
    this.#live = this.ledger(block.stream) ?? this.#open(block.stream, 'newest')
    this.#live.pending.take(block.firstFrame, END_OF_STREAM)
    this.#advance(this.#live, block)
  }

  #advance(live: Ledger, block: BlockHeader): void {
    const to = block.firstFrame + BigInt(block.frames)
    live.pending.take(block.firstFrame, to)
    live.heard = to
    this.#sequence = block.sequence
    this.#capturedNs = block.monotonicNs
    this.counters.blocks++
    this.counters.frames += block.frames
  }

  #came(ledger: Ledger, from: bigint, to: bigint): number {
    const { filled, missing } = ledger.came(from, to)
    if (filled === 0) return 0
    this.counters.blocks++
    this.counters.frames += filled
    this.counters.missingFrames -= missing
    return filled
  }

  #gap(live: Ledger, block: BlockHeader): Gap {
    const range = { from: live.heard, to: block.firstFrame }
    // The node numbers blocks without a break, so a jump of the position alone was lost before it saw the sound.
    const cause = block.sequence === this.#sequence + 1n ? 'capture' : 'network'
    const gap = { stream: block.stream, ...range, cause } as const
    this.#hole(live, range, cause)
    return gap
  }

  /** Nobody has what was lost at capture, so it is not asked for. */
  #hole(ledger: Ledger, range: Range, cause: Gap['cause']): void {
    this.counters.gaps++
    this.counters.missingFrames += Number(range.to - range.from)
    this.#forget(ledger, ledger.hole(range, this.needed && cause === 'network'), 'network')
    if (this.needed && cause === 'capture') this.#forget(ledger, [range], 'capture')
  }

  #open(stream: bigint, age: 'oldest' | 'newest'): Ledger {
    const ledger = new Ledger(stream)
    // A stream that is told of while a later one is heard came before it.
    const at = age === 'oldest' ? 0 : this.#ledgers.length - (this.#live && !this.hasEnded(this.#live.stream) ? 1 : 0)
    this.#ledgers.splice(at, 0, ledger)
    if (this.#ledgers.length > MAX_LEDGERS) {
      const oldest = this.#ledgers.find((l) => l !== this.#live && l !== ledger)!
      this.#ledgers.splice(this.#ledgers.indexOf(oldest), 1)
      this.#forget(oldest, oldest.pending.items, 'network')
    }
    return ledger
  }

  #forget({ stream }: Ledger, ranges: readonly Range[], cause: LostRange['cause']): void {
    for (const range of ranges) this.#forgotten.push(this.#lost({ stream, ...range, cause }))
  }

  #lost(range: LostRange): LostRange {
    this.counters.goneFrames += Number(range.to - range.from)
    return range
  }
}

function isOpenEnded({ items }: Ledger['pending']): boolean {
  return items.at(-1)?.to === END_OF_STREAM
}
