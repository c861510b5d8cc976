/** Compares what there should be with what was heard: beginnings and ends that were missed, and streams that came and went meanwhile. */
import { framesToNs, NS_PER_SECOND } from '#shared/clock.ts'
import type { NodeMeta } from '#wire/meta.ts'
import type { BlockHeader } from '#wire/packet.ts'
import type { Gap, Tracker } from '#engine/tracker.ts'

export interface Found {
  /** Frames that should have been heard. */
  readonly missed: readonly { readonly stream: bigint; readonly from: bigint; readonly to: bigint }[]
  /** Streams that are over now, and where they ended. */
  readonly ended: readonly { readonly stream: bigint; readonly end: bigint }[]
}

/** A node reads through its disk sooner after its start. */
const SEARCH_SECONDS = 15

/** The beginning that was missed of a new stream cannot be longer than we were away, give or take. */
const MAX_AHEAD_NS = 10n * NS_PER_SECOND

const NOTHING: Found = { missed: [], ended: [] }

/**
 * A node has one stream at a time: what is not its latest is over. A stream that it does not list ended, for all that can be
 * known, with the last frame heard. Streams that were there before the first one known are none of ours.
 */
export function survey(tracker: Tracker, meta: NodeMeta): Found {
  if (!meta.stream || tracker.ledgers.length === 0) return NOTHING
  const latest = BigInt(`0x${meta.stream.id}`)
  // Described before the stream began that we hear.
  if (latest !== tracker.stream && tracker.hasEnded(latest) && !tracker.ledger(latest)?.over) return NOTHING
  const listed = (meta.ring?.streams ?? []).map((s) => ({
    stream: BigInt(`0x${s.id}`),
    from: BigInt(s.from),
    to: BigInt(s.to),
    ended: s.ended,
  }))
  const missed: { stream: bigint; from: bigint; to: bigint }[] = []
  const ended: { stream: bigint; end: bigint }[] = []

  // A disk that is still being looked through lists its older streams later.
  const searching = meta.ring?.kind === 'disk' && meta.counters.uptimeSeconds < SEARCH_SECONDS

  for (const { stream, heard, over } of tracker.ledgers) {
    const held = listed.find((s) => s.stream === stream)
    if (over || (stream === latest && !held?.ended) || (!held && searching)) continue
    const end = held && held.to > heard ? held.to : heard
    if (heard > 0n && end > heard) missed.push({ stream, from: heard, to: end })
    ended.push({ stream, end })
  }

  // Newest first: up to the first one known they began since. To who knows only the latest they are none of his.
  if (tracker.ledgers.every((l) => l.stream === latest)) return { missed, ended }
  const since: typeof listed = []
  for (const s of listed) {
    if (s.stream === latest && (!s.ended || tracker.ledger(latest))) continue
    if (tracker.ledger(s.stream)) break
    since.unshift(s)
  }
  return {
    missed: [...missed, ...since.map(({ stream, from, to }) => ({ stream, from, to }))],
    ended: [...ended, ...since.map(({ stream, to }) => ({ stream, end: to }))],
  }
}

/**
 * A stream that is first heard in its midst though we listened before it began: what came before is missing. Of the very
 * first one it is not: nobody expected it. `awayNs`: since sound was heard before; undefined where there was none.
 */
export function missedBeginning(tracker: Tracker, header: BlockHeader, awayNs: bigint | undefined): Gap | undefined {
  const { stream, firstFrame, rate } = header
  if (firstFrame === 0n || tracker.ledgers.every((l) => l.stream === stream)) return undefined
  if (awayNs !== undefined && framesToNs(firstFrame, rate) > awayNs + MAX_AHEAD_NS) return undefined
  tracker.missed(stream, 0n, firstFrame)
  return { stream, from: 0n, to: firstFrame, cause: 'network' }
}
