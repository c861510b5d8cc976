/** How old what is pending is, for what is older than the node's ring is gone. */
import { NS_PER_SECOND } from '#shared/clock.ts'
import type { NodeClock } from '#engine/node-clock.ts'
import { END_OF_STREAM, type LostRange, type Tracker } from '#engine/tracker.ts'

/** A ring holds a little more than it says. */
const MARGIN_NS = 10n * NS_PER_SECOND

/** Gives up what has fallen out of a ring of `ringNs` by now, whether the node can be asked or not. */
export function expire(
  tracker: Tracker,
  clock: NodeClock,
  now: bigint,
  ringNs: bigint,
  cause: LostRange['cause'],
): readonly LostRange[] {
  const limit = clock.positionAt(now - ringNs - MARGIN_NS)
  const newest = limit && clock.order(limit.stream)
  if (newest === undefined) return []
  return tracker.ledgers.flatMap(({ stream, pending }) => {
    const order = pending.items.length > 0 ? clock.order(stream) : undefined
    if (order === undefined || order > newest) return []
    return tracker.lose(stream, 0n, order === newest ? limit!.position : END_OF_STREAM, cause)
  })
}

/** Age of the oldest sound that is needed and has not come, ns; `silent`: live sound should come and does not. */
export function oldestAge(tracker: Tracker, clock: NodeClock, now: bigint, silent: boolean): bigint | undefined {
  const waiting = tracker.ledgers.find((l) => l.pending.items.length > 0)
  if (waiting) return clock.ageOfPosition({ stream: waiting.stream, position: waiting.pending.items[0]!.from }, now)
  const live = tracker.live
  if (!silent || !tracker.needed || !live || live.over) return undefined
  return clock.ageOfPosition({ stream: live.stream, position: live.heard }, now)
}
