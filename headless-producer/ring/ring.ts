/** What a node keeps of the sound it sent, to be asked for once more: positions `[from, to)` of a stream, in frames. */
import { MAX_BACKFILL_BYTES, MAX_BACKFILL_SECONDS, type BackfillReply, type RingBlock } from '#wire/backfill.ts'
import { streamIdText, type RingStream } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'

export interface RingRequest {
  readonly stream: bigint
  readonly from: bigint
  readonly to: bigint
  /** Bytes of samples; at least one block comes. */
  readonly maxBytes?: number
}

export type RingAnswer = Omit<BackfillReply, 'id'>

/**
 * Invariant: an answer that says `ok` settles its range for good. What the ring has lost itself, for want of room or by a
 * failing disk, it calls `gone`, never `ok` without blocks.
 */
export interface Ring {
  /** Keeps a reference: the samples are never written again. Blocks of one stream come in order, streams one after another. */
  push(block: RingBlock): void
  /** The stream that was pushed last is over. */
  end(): void
  read(request: RingRequest): Promise<RingAnswer>
  /** Newest stream first, at most `limit`. */
  streams(limit: number): readonly RingStream[]
  /** How much sound like the latest it can hold, s. */
  readonly seconds: number
}

/** A block as far as its place is concerned. */
export type Place = Pick<BlockHeader, 'firstFrame' | 'frames' | 'sequence'>

/** Consecutive blocks of one stream. `before`: the block in front of the first, where it is still known. */
export interface Shelf {
  readonly length: number
  at(i: number): Place & { readonly bytes: number }
  readonly before?: Place | undefined
  readonly rate: number
}

/** Which blocks of a shelf answer a request whose `from` lies before the end of the shelf. */
export type Choice =
  | { readonly status: 'ok'; readonly start: number; readonly behind: number; readonly to: bigint }
  | { readonly status: 'gone'; readonly oldest: bigint }

export function choose(shelf: Shelf, { from, to, maxBytes = Infinity }: RingRequest): Choice {
  const start = firstBehind(shelf, from)
  const first = shelf.at(start)
  const before = start > 0 ? shelf.at(start - 1) : shelf.before
  if (from < first.firstFrame && !follows(first, before)) return { status: 'gone', oldest: first.firstFrame }
  const limit = Math.min(maxBytes, MAX_BACKFILL_BYTES)
  const last = least(to, from + BigInt(MAX_BACKFILL_SECONDS * shelf.rate), endOf(shelf.at(shelf.length - 1)))
  let bytes = 0
  let i = start
  for (; i < shelf.length; i++) {
    const place = shelf.at(i)
    if (place.firstFrame >= last) break
    const previous = shelf.at(Math.max(start, i - 1))
    if (i > start && !follows(place, previous)) return { status: 'ok', start, behind: i, to: endOf(previous) }
    bytes += place.bytes
    if (i > start && bytes > limit) return { status: 'ok', start, behind: i, to: place.firstFrame }
  }
  return { status: 'ok', start, behind: i, to: last }
}

/** Nothing was sent between the two, so frames that are missing there were never captured. The first block follows nothing. */
function follows(place: Place, before: Place | undefined): boolean {
  return place.sequence === (before ? before.sequence + 1n : 0n)
}

export function endOf({ firstFrame, frames }: Place): bigint {
  return firstFrame + BigInt(frames)
}

/** Index of the first block that ends behind `position`; there must be one. */
function firstBehind(shelf: Shelf, position: bigint): number {
  let low = 0
  let high = shelf.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (endOf(shelf.at(middle)) > position) high = middle
    else low = middle + 1
  }
  return low
}

/** The answer for a position behind the newest kept block; `end`: undefined when nothing is known of the stream. */
export function beyond(request: RingRequest, end: bigint | undefined, ended: boolean): RingAnswer {
  const { stream, from, to } = request
  return {
    status: ended ? 'gone' : 'future',
    stream,
    from,
    to,
    ...(end === undefined ? {} : { end }),
    ended,
    blocks: [],
  }
}

/** What the metadata says of a stream, by its first and last kept block. */
export function describeRun(first: BlockHeader, last: BlockHeader, ended: boolean): RingStream {
  const { stream, format, channels, rate, firstFrame, utcNs } = first
  return {
    id: streamIdText(stream),
    format,
    channels,
    rate,
    from: `${firstFrame}`,
    to: `${endOf(last)}`,
    ended,
    utc: `${utcNs}`,
  }
}

export function least(...values: bigint[]): bigint {
  return values.reduce((a, b) => (b < a ? b : a))
}
