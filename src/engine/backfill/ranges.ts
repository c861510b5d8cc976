/** Stretches of a stream, `[from, to)` in frames: disjoint, ascending, as few as possible, at most `limit` of them. */

export interface Range {
  readonly from: bigint
  readonly to: bigint
}

export class Ranges {
  readonly limit: number
  #items: Range[] = []
  #frames = 0n

  constructor(limit: number) {
    this.limit = limit
  }

  get items(): readonly Range[] {
    return this.#items
  }

  /** Frames in all of them. */
  get frames(): number {
    return Number(this.#frames)
  }

  /** Puts in [from, to), whether some of it is in already or not. Returns the oldest ranges, when they had to go for the limit. */
  add(from: bigint, to: bigint): readonly Range[] {
    if (from >= to) return []
    const [low, high] = this.#touching(from, to, 0n)
    const first = this.#items[low]
    const last = this.#items[high - 1]
    const merged = {
      from: high > low && first!.from < from ? first!.from : from,
      to: high > low && last!.to > to ? last!.to : to,
    }
    this.#replace(low, high, [merged])
    const over = this.#items.length - this.limit
    return over > 0 ? this.#replace(0, over, []) : []
  }

  /** Takes out what of [from, to) is in; returns that. */
  take(from: bigint, to: bigint): readonly Range[] {
    if (from >= to) return []
    const [low, high] = this.#touching(from, to, 1n)
    if (low === high) return []
    const rest: Range[] = []
    const { from: start } = this.#items[low]!
    const { to: end } = this.#items[high - 1]!
    if (start < from) rest.push({ from: start, to: from })
    if (end > to) rest.push({ from: to, to: end })
    return this.#replace(low, high, rest).map((r) => clip(r, from, to))
  }

  /** What of [from, to) is in. */
  within(from: bigint, to: bigint): readonly Range[] {
    if (from >= to) return []
    const [low, high] = this.#touching(from, to, 1n)
    return this.#items.slice(low, high).map((r) => clip(r, from, to))
  }

  /** Indices of the ranges that overlap [from, to) by at least `overlap` frames; with 0 those that touch it too. */
  #touching(from: bigint, to: bigint, overlap: bigint): [number, number] {
    const items = this.#items
    let low = 0
    let end = items.length
    while (low < end) {
      const middle = (low + end) >> 1
      if (items[middle]!.to < from + overlap) low = middle + 1
      else end = middle
    }
    let high = low
    while (high < items.length && items[high]!.from <= to - overlap) high++
    return [low, high]
  }

  #replace(low: number, high: number, by: readonly Range[]): Range[] {
    const out = this.#items.splice(low, high - low, ...by)
    this.#frames += total(by) - total(out)
    return out
  }
}

export function total(ranges: readonly Range[]): bigint {
  return ranges.reduce((sum, r) => sum + r.to - r.from, 0n)
}

function clip(range: Range, from: bigint, to: bigint): Range {
  return { from: range.from > from ? range.from : from, to: range.to < to ? range.to : to }
}
