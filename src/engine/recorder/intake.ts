/** Which sound belongs where in a take: what came is handed to the disk at its position, what is missing is asked for again. */
import { frameBytes } from '#shared/pcm.ts'
import type { Range } from '#engine/backfill/ranges.ts'
import type { SessionBlock } from '#engine/session-events.ts'
import { askAgain } from './asking.ts'
import type { Ending } from './ending.ts'
import type { LossCause } from './journal.ts'
import { openingOf } from './opening.ts'
import type { Part } from './part.ts'
import type { Shelf } from './shelf.ts'
import type { TakeSource } from './source.ts'
import { least, type Timeline } from './timeline.ts'

export class Intake {
  readonly #timeline: Timeline
  readonly #ending: Ending
  readonly #shelf: Shelf
  readonly #source: () => TakeSource | undefined

  constructor(timeline: Timeline, ending: Ending, shelf: Shelf, source: () => TakeSource | undefined) {
    this.#timeline = timeline
    this.#ending = ending
    this.#shelf = shelf
    this.#source = source
  }

  /** Where the take ends in a stream, by the stop or by the length that was asked for. */
  endOf(stream: bigint): bigint | undefined {
    return least(this.#ending.of(stream), this.#timeline.limitOf(stream))
  }

  /** Never waits and never throws. Sound from before the take's first frame or behind its end is not part of it. */
  accept(block: SessionBlock): void {
    const { header } = block
    if (!this.#knows(block)) return
    const end = this.endOf(header.stream)
    const to = least(header.firstFrame + BigInt(header.frames), end)
    this.#timeline.stretch(header.stream, least(header.firstFrame, end))
    for (const place of this.#timeline.places(header.stream, header.firstFrame, to))
      this.#put(place.part, block, place.from, place.to)
  }

  /** These frames will never come. */
  lose(stream: bigint, range: Range, cause: LossCause): void {
    if (!this.#timeline.knows(stream)) return
    if (!this.#timeline.last(stream).over) this.#timeline.stretch(stream, least(range.to, this.endOf(stream)))
    for (const part of this.#partsOf(stream))
      if (part.state === 'open') for (const piece of part.lose(range, cause)) this.#shelf.lost(part, piece)
  }

  /** The stream is over at `end`; what of it is not there yet is missing. */
  ended(stream: bigint, end: bigint): void {
    if (!this.#timeline.knows(stream)) return
    this.#timeline.stretch(stream, least(end, this.endOf(stream)))
    for (const part of this.#partsOf(stream)) part.over = true
  }

  /** What nobody fetches is asked for again, and a stream that was followed by `live` ends. */
  chase(source: TakeSource, live: bigint): void {
    for (const part of this.#timeline.parts) if (part.state === 'open') this.#chase(part, source, live)
  }

  #partsOf(stream: bigint): readonly Part[] {
    return this.#timeline.parts.filter((part) => part.stream === stream)
  }

  /** Whether the block's stream is part of the take; makes its first file when it is a new one. */
  #knows(block: SessionBlock): boolean {
    const { stream, firstFrame: from } = block.header
    if (this.#timeline.knows(stream)) {
      if (block.kind === 'live') this.#ending.heard()
      return true
    }
    const begun = this.#timeline.parts.length > 0
    if (block.kind === 'late' && !(block.repaired && begun)) return false
    let end: bigint | undefined
    if (this.#ending.stopped) {
      // It began before the stop and was missed until now, or it has nothing to do with the take.
      const { moment } = this.#ending
      const at = moment === undefined ? undefined : this.#source()?.positionAt(moment)
      if (at?.stream !== stream || at.position <= from) return false
      end = at.position
    } else if (block.kind === 'live') this.#ending.heard()
    const missed = begun ? this.#source()?.unsettled(stream, 0n, from)[0]?.from : undefined
    this.#timeline.open(openingOf(block, missed))
    if (end !== undefined) this.#ending.set(stream, end)
    return true
  }

  #put(part: Part, block: SessionBlock, from: bigint, to: bigint): void {
    if (part.state !== 'open' || !part.received.lacks(from, to)) return
    const size = frameBytes(part.format)
    const at = Number(from - block.header.firstFrame) * size
    const samples = block.samples.subarray(at, at + Number(to - from) * size)
    if (!this.#shelf.write(part, from, samples)) {
      // No room: a hole like any other, asked for again when the disk has caught up.
      this.#source()?.unwritten(part.stream, from, to)
      if (to > part.received.end) this.#timeline.gap(part)
      part.received.stretch(to)
      return
    }
    part.asked = 0
    const { closed } = part.received.put(from, to)
    for (const piece of part.filled(closed, Date.now())) this.#shelf.repaired(part, piece)
  }

  #chase(part: Part, source: TakeSource, live: bigint): void {
    if (this.#shelf.hasRoom) for (const hole of askAgain(part, source)) this.lose(part.stream, hole, 'network')
    if (part.over || part.stream === live || part !== this.#timeline.last(part.stream)) return
    // Another stream is heard now: this one has an end, which the node may know.
    const { end } = part.received
    const ring = source.ring(part.stream)
    if (ring && ring.to > end) this.#timeline.stretch(part.stream, least(ring.to, this.endOf(part.stream)))
    if (source.unsettled(part.stream, part.received.end, part.received.end + 1n).length === 0) part.over = true
  }
}
