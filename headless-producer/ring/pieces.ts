/** How blocks are put together for one write to the disk. */
import type { RingBlock } from '#wire/backfill.ts'
import { HEADER_BYTES } from '#wire/packet.ts'

/** Bytes of a block in a file of the spool. */
export function weigh({ samples }: RingBlock): number {
  return samples.byteLength + HEADER_BYTES
}

/** Runs of blocks of one stream, each within `limit` unless a single block is longer. */
export function pieces(
  blocks: readonly RingBlock[],
  limit: { readonly bytes: number; readonly seconds: number },
): RingBlock[][] {
  const out: RingBlock[][] = []
  let bytes = 0
  let seconds = 0
  for (const block of blocks) {
    const { stream, frames, rate } = block.header
    const piece = out.at(-1)
    bytes += weigh(block)
    seconds += frames / rate
    if (piece?.[0]!.header.stream === stream && bytes <= limit.bytes && seconds <= limit.seconds) piece.push(block)
    else {
      out.push([block])
      bytes = weigh(block)
      seconds = frames / rate
    }
  }
  return out
}
