/**
 * Knows which frames of a node's stream have come. Everything is counted in positions, so that loss is exact to the
 * frame whatever the network did to the blocks.
 *
 * Invariant: `frames = (expected - start) - missing`, and holes are disjoint, ascending and below `expected`.
 */
import { framesToNs, NS_PER_SECOND } from '#shared/clock.ts'
import type { BlockHeader } from '#wire/packet.ts'

/** Frames that have not come: lost on the way (`network`) or before the node saw them (`capture`). */
export interface Gap {
  readonly stream: bigint
  readonly from: bigint
  readonly to: bigint
  readonly cause: 'network' | 'capture'
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

/** Ended streams remembered, so that a replay of an old one is not taken for a new one. */
const ENDED_STREAMS = 64
/** A position may run ahead of the capture clock by this much; a device whose clock is 1 % off would need 17 minutes of outage to get there. */
const MAX_AHEAD_NS = 10n * NS_PER_SECOND
/** Holes remembered. Beyond it the oldest can no longer be filled; it stays counted as missing. */
const MAX_HOLES = 4096

export class Tracker {
  #stream: bigint | undefined
  #expected = 0n
  #sequence = 0n
  #capturedNs = 0n
  #holes: { from: bigint; to: bigint }[] = []
  #ended: bigint[] = []
  readonly counters = { blocks: 0, frames: 0, gaps: 0, missingFrames: 0, late: 0, duplicates: 0, stale: 0 }

  get stream(): bigint | undefined {
    return this.#stream
  }

  /** Frames that are missing now, oldest first. */
  get holes(): readonly { readonly from: bigint; readonly to: bigint }[] {
    return this.#holes
  }

  accept(block: BlockHeader): Arrival {
    const { counters } = this
    if (block.stream !== this.#stream) {
      if (this.#ended.includes(block.stream)) {
        counters.stale++
        return { kind: 'stale' }
      }
      this.#begin(block)
      this.#count(block)
      return { kind: 'stream' }
    }
    const from = block.firstFrame
    const to = from + BigInt(block.frames)
    if (from >= this.#expected) {
      const ahead = framesToNs(from - this.#expected, block.rate) - (block.monotonicNs - this.#capturedNs)
      if (ahead > MAX_AHEAD_NS) return { kind: 'implausible' }
      const gap = from > this.#expected ? this.#gap(block) : undefined
      this.#expected = to
      this.#sequence = block.sequence
      this.#capturedNs = block.monotonicNs
      this.#count(block)
      return gap ? { kind: 'live', gap } : { kind: 'live' }
    }
    const frames = Number(this.#fill(from, to))
    if (frames === 0) {
      counters.duplicates++
      return { kind: 'duplicate' }
    }
    counters.late++
    counters.blocks++
    counters.frames += frames
    counters.missingFrames -= frames
    return { kind: 'late', frames }
  }

  #begin(block: BlockHeader): void {
    if (this.#stream !== undefined) {
      this.#ended.push(this.#stream)
      if (this.#ended.length > ENDED_STREAMS) this.#ended.shift()
    }
    this.#stream = block.stream
    this.#expected = block.firstFrame + BigInt(block.frames)
    this.#sequence = block.sequence
    this.#capturedNs = block.monotonicNs
    this.#holes = []
  }

  #count(block: BlockHeader): void {
    this.counters.blocks++
    this.counters.frames += block.frames
  }

  #gap(block: BlockHeader): Gap {
    const from = this.#expected
    const to = block.firstFrame
    this.counters.gaps++
    this.counters.missingFrames += Number(to - from)
    this.#holes.push({ from, to })
    if (this.#holes.length > MAX_HOLES) this.#holes.shift()
    // The node numbers blocks without a break, so a jump of the position alone was lost before it saw the sound.
    const cause = block.sequence === this.#sequence + 1n ? 'capture' : 'network'
    return { stream: block.stream, from, to, cause }
  }

  /** Takes [from, to) out of the holes; returns how many frames that was. */
  #fill(from: bigint, to: bigint): bigint {
    let filled = 0n
    const rest: { from: bigint; to: bigint }[] = []
    for (const hole of this.#holes) {
      const low = hole.from > from ? hole.from : from
      const high = hole.to < to ? hole.to : to
      if (low >= high) {
        rest.push(hole)
        continue
      }
      filled += high - low
      if (hole.from < low) rest.push({ from: hole.from, to: low })
      if (high < hole.to) rest.push({ from: high, to: hole.to })
    }
    this.#holes = rest
    return filled
  }
}
