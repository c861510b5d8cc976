/** What has come of one stream, and what is still to come. */
import { Ranges, total, type Range } from './ranges.ts'

/** Holes remembered of a stream. Beyond it the oldest can no longer be filled; it stays counted as missing. */
const MAX_HOLES = 4096

/**
 * `missing` is what should have been heard and was not; `pending` is what somebody needs and the node may still have.
 * They overlap: a hole that arises while nobody needs whole sound is only missing, sound from before a click is only pending.
 */
export class Ledger {
  readonly stream: bigint
  readonly missing = new Ranges(MAX_HOLES)
  readonly pending = new Ranges(MAX_HOLES)
  /** Position behind the newest frame that is known to have been captured. */
  heard = 0n
  /** Nothing will come behind `heard`. */
  over = false

  constructor(stream: bigint) {
    this.stream = stream
  }

  /** Adds a hole; returns what is given up for it. */
  hole(range: Range, needed: boolean): readonly Range[] {
    this.missing.add(range.from, range.to)
    return needed ? this.pending.add(range.from, range.to) : []
  }

  /** Frames [from, to) came. `filled`: how many of them were missing or pending; `missing`: how many were missing. */
  came(from: bigint, to: bigint): { readonly filled: number; readonly missing: number } {
    const missing = this.missing.take(from, to)
    const pending = this.pending.take(from, to)
    if (missing.length === 0 || pending.length === 0)
      return { filled: Number(total(missing) + total(pending)), missing: Number(total(missing)) }
    const both = new Ranges(missing.length + pending.length)
    for (const range of [...missing, ...pending]) both.add(range.from, range.to)
    return { filled: both.frames, missing: Number(total(missing)) }
  }
}
