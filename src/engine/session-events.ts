/** What a session says to who listens: sound, what is missing of it, and what a node says of itself. */
import type { StreamFormat } from '#shared/pcm.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import type { Gap, LostRange } from './tracker.ts'

/** Sound on its way to meters and disk. `samples` are the captured bytes and must not be changed. */
export interface SessionBlock {
  readonly header: BlockHeader
  readonly samples: Buffer
  /** live: the newest sound. late: older sound that fills `filled` frames of a hole; not for meters. */
  readonly kind: 'live' | 'late'
  readonly filled: number
  /** What is missing right before a live block; of the first block of a stream, what was missed of its beginning. */
  readonly gap?: Gap
  /** It was asked for and came from the node's ring. */
  readonly repaired: boolean
  /** True for the first block of a stream: its positions have nothing to do with those before it. */
  readonly begins: boolean
}

export interface SessionEvents {
  /** Called before the first block of a format. */
  format(format: StreamFormat): void
  block(block: SessionBlock): void
  meta(meta: NodeMeta): void
  /** These frames, which somebody needed, will never come. */
  lost(range: LostRange): void
  /** A stream is over; everything up to `end` has come, is lost, or is a hole that is being filled. */
  ended(stream: bigint, end: bigint): void
}
