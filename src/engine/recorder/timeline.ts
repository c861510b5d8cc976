/** The files of one take in the order of their sound: where each begins, ends, and is followed by the next. */
import { framesToNs } from '#shared/clock.ts'
import { Part } from './part.ts'
import { splitFrames } from './parts.ts'
import type { TakeHead } from './journal.ts'
import { wavHeader } from './wav/header.ts'

export class Timeline {
  readonly parts: Part[] = []
  readonly #head: TakeHead
  #gaps = 0

  constructor(head: TakeHead) {
    this.#head = head
  }

  /** Holes that sound left behind it, each counted once, however many files it spans. */
  get gaps(): number {
    return this.#gaps
  }
  /** From first to last over all files, holes included. */
  get frames(): number {
    return this.parts.reduce((sum, part) => sum + part.frames, 0)
  }
  /** Sound from before the start that is part of it, frames. */
  get openingFrames(): number {
    const first = this.parts[0]
    return first ? Math.max(0, Number(first.opening - first.first)) : 0
  }

  /** As a crash left it. */
  restore(parts: readonly Part[]): void {
    this.parts.push(...parts)
    this.#gaps = parts.reduce((sum, part) => sum + part.repairs.length + part.received.holes.items.length, 0)
  }

  knows(stream: bigint): boolean {
    return this.parts.some((p) => p.stream === stream)
  }

  first(stream: bigint): Part {
    return this.parts.find((p) => p.stream === stream)!
  }

  last(stream: bigint): Part {
    return this.parts.findLast((p) => p.stream === stream)!
  }

  /** Begins a file. */
  open(head: Omit<ConstructorParameters<typeof Part>[0], 'seam'>): Part {
    const frames = splitFrames(this.#head.choices.split, head.format, wavHeader(head.format).length)
    const part = new Part(frames === undefined ? head : { ...head, seam: head.first + frames })
    this.parts.push(part)
    return part
  }

  /** The files that hold [from, to) of a stream, and which frames of it. What lies before the first belongs to none. */
  *places(stream: bigint, from: bigint, to: bigint): Generator<{ part: Part; from: bigint; to: bigint }> {
    const { first } = this.first(stream)
    for (let at = from > first ? from : first; at < to;) {
      const part = this.parts.findLast((p) => p.stream === stream && p.first <= at)!
      if (part.seam !== undefined && at >= part.seam) {
        this.#follow(part)
        continue
      }
      const upTo = least(to, part.seam)
      yield { part, from: at, to: upTo }
      at = upTo
    }
  }

  /** The files of a stream reach at least to `to`; what that adds is missing. */
  stretch(stream: bigint, to: bigint): void {
    const head = this.last(stream)
    if (to > head.received.end && to > head.passed) this.gap(head)
    for (let part = head; ; part = this.#follow(part)) {
      part.received.stretch(least(to, part.seam))
      if (part.seam === undefined || to <= part.seam) return
    }
  }

  /** A hole begins at the end of the part, unless one reaches to it already. */
  gap(part: Part): void {
    if (part.received.holes.items.at(-1)?.to !== part.received.end) this.#gaps++
  }

  /** Where the length that was asked for ends in a stream; undefined without one. */
  limitOf(stream: bigint): bigint | undefined {
    const { limit } = this.#head
    if (limit === undefined || !this.knows(stream)) return undefined
    const others = this.parts.reduce((sum, p) => sum + (p.stream === stream ? 0 : p.frames), 0)
    return this.first(stream).first + BigInt(Math.max(0, limit + this.openingFrames - others))
  }

  #follow(part: Part): Part {
    const { stream, format, seam } = part
    part.received.stretch(seam!)
    const utcNs = part.utcNs + framesToNs(seam! - part.first, format.rate)
    return this.open({ stream, first: seam!, format, utcNs, opening: seam! })
  }
}

/** The smaller one, where there are two. */
export function least<T extends bigint | undefined>(a: T, b: bigint | undefined): T | bigint {
  return a === undefined || (b !== undefined && b < a) ? (b ?? a) : a
}
