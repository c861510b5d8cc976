/** Where the files of a take begin: the first one at the moment of the start or before it, others with the first sound of a stream. */
import { framesToNs } from '#shared/clock.ts'
import type { SessionBlock } from '#engine/session-events.ts'
import type { PartHead, TakeHead } from './journal.ts'
import { firstFrame } from './parts.ts'
import type { TakeSource } from './source.ts'

export type Opening = Omit<PartHead, 'name' | 'seam'>

/** What is about to fall out of the node's ring would be gone before it came: s, but not more than this share of the ring. */
const EDGE_SECONDS = 2
const EDGE_SHARE = 1 / 4

/** Of a take that begins at `position`, with as much from before as was asked for and the node can still give. */
export function openingAt(
  { format, choices, startedAt }: TakeHead,
  { stream, position }: { readonly stream: bigint; readonly position: bigint },
  source: TakeSource | undefined,
): Opening {
  const held = choices.preRoll > 0 ? source?.ring(stream)?.from : undefined
  const ring = source?.ringSeconds ?? 0
  const reach = ring - Math.min(EDGE_SECONDS, ring * EDGE_SHARE)
  const first = firstFrame(position, Math.min(choices.preRoll, reach), format, held)
  const before = framesToNs(position - first, format.rate)
  return { stream, first, format, utcNs: BigInt(startedAt) * 1_000_000n - before, opening: position }
}

/** Of a stream first heard with `block`; `missed`: where sound of it that is still to come begins. */
export function openingOf({ header, begins, gap }: SessionBlock, missed: bigint | undefined): Opening {
  const { stream, firstFrame: from, format, channels, rate, utcNs } = header
  const first = [begins ? gap?.from : undefined, missed].reduce(
    (low: bigint, at) => (at !== undefined && at < low ? at : low),
    from,
  )
  return {
    stream,
    first,
    format: { format, channels, rate },
    utcNs: utcNs - framesToNs(from - first, rate),
    opening: first,
  }
}
