/** What a take asks its node for again: everything when the session is another one, and what nobody else is fetching. */
import type { Range } from '#engine/backfill/ranges.ts'
import type { Part } from './part.ts'
import type { TakeSource } from './source.ts'

/** Sound that was asked for this often without any of it coming will not come. */
const MAX_ASKS = 40

/** Asks a session that knows nothing of the take for what it misses. */
export function askForAll(parts: readonly Part[], source: TakeSource): void {
  for (const part of parts) {
    if (part.state !== 'open') continue
    const missing = part.pending()
    for (const { from, to } of missing) source.want(part.stream, from, to)
    // Whoever asks for one frame of a stream is told of what came behind it, and of streams that came after.
    if (missing.length === 0 && !part.over) source.want(part.stream, part.received.end - 1n, part.received.end)
  }
}

/**
 * Asks for what is missing of a file and nobody fetches: the disk was too slow for it, or the session that missed it is gone.
 * Returns what was asked for in vain too often.
 */
export function askAgain(part: Part, source: TakeSource): readonly Range[] {
  const idle = part.pending().filter((hole) => source.unsettled(part.stream, hole.from, hole.to).length === 0)
  if (idle.length === 0) return []
  if (++part.asked > MAX_ASKS) return idle
  for (const { from, to } of idle) source.want(part.stream, from, to)
  return []
}
