/** Which frames of one file are there. Positions are those of the stream, so that nothing is rounded, however long it runs. */
import { Ranges, type Range } from '#engine/backfill/ranges.ts'

/** Holes of one file that are told apart: one a second for twelve days. */
const MAX_HOLES = 1 << 20

/** Invariant: `holes` lie inside [first, end); what of it is in no hole has been put. */
export class Coverage {
  readonly first: bigint
  readonly holes = new Ranges(MAX_HOLES)
  #end: bigint

  constructor(first: bigint, end = first, holes: readonly Range[] = []) {
    this.first = first
    this.#end = end
    for (const hole of holes) this.holes.add(clamp(hole.from, first, end), clamp(hole.to, first, end))
  }

  get end(): bigint {
    return this.#end
  }

  /** From first to last, holes included. */
  get frames(): number {
    return Number(this.#end - this.first)
  }

  /** Whether some of [from, to) is not there yet. */
  lacks(from: bigint, to: bigint): boolean {
    return to > this.#end || this.holes.within(from, to).length > 0
  }

  /** Frames [from, to) are there now. Returns what of it closed holes, and the hole that it leaves behind itself. */
  put(from: bigint, to: bigint): { readonly closed: readonly Range[]; readonly gap: Range | undefined } {
    const low = from > this.first ? from : this.first
    if (low >= to) return { closed: [], gap: undefined }
    const gap = this.stretch(low)
    const closed = this.holes.take(low, to)
    if (to > this.#end) this.#end = to
    return { closed, gap }
  }

  /** Makes it reach at least to `to`; what that adds is a hole, and returned. */
  stretch(to: bigint): Range | undefined {
    if (to <= this.#end) return undefined
    const gap = { from: this.#end, to }
    this.holes.add(gap.from, gap.to)
    this.#end = to
    return gap
  }

  /** Takes [from, to) back. */
  miss(from: bigint, to: bigint): void {
    this.stretch(to)
    this.holes.add(from > this.first ? from : this.first, to)
  }

  copy(): Coverage {
    return new Coverage(this.first, this.#end, this.holes.items)
  }
}

function clamp(value: bigint, low: bigint, high: bigint): bigint {
  return value < low ? low : value > high ? high : value
}
