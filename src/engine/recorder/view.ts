/** A take in words and figures, for a screen. */
import type { TakeGap, TakeMarker, TakeView } from '#contract/state.ts'
import { secondsOf } from './parts.ts'
import type { Part } from './part.ts'
import type { Take } from './take.ts'
import { lengthText, timeText, WHERE } from './words.ts'

/** More a screen does not list; certificates hold all. */
const MAX_LOSSES = 32
const MAX_MARKERS = 100

/** Everything of a view that the take itself knows. */
export function viewOf(
  take: Take,
): Omit<TakeView, 'node' | 'state' | 'integrated' | 'rms' | 'verdict' | 'verifying' | 'diskSeconds'> {
  const { head, parts } = take
  const first = parts[0]
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const preRollFrames = first ? Math.max(0, Number(first.opening - first.first)) : 0
  return {
    id: head.id,
    group: head.group,
    name: head.node.name,
    startedAt: first ? Number(first.utcNs / 1_000_000n) : head.startedAt,
    preRollSeconds: secondsOf(preRollFrames, head.format),
    folder: take.folder,
    files: parts.flatMap((part) => (part.name === undefined ? [] : [part.name])),
    lengths: parts.flatMap((part) => (part.name === undefined ? [] : [part.seconds])),
    sealed: parts.filter((part) => part.state === 'sealed' && part.name !== undefined).length,
    frames: take.frames,
    seconds: sum((part) => part.seconds),
    bytes: sum((part) => part.bytes),
    gaps: take.gaps,
    missingFrames: sum((part) => part.missingFrames),
    pendingFrames: take.pendingFrames(),
    repairedFrames: sum((part) => part.repairedFrames),
    losses: lossesOf(parts),
    markers: markersOf(take),
    resumed: take.shelf.resumed,
    queuedBytes: take.shelf.queuedBytes,
    ...(take.stopped && take.finishesAt !== undefined && !take.finished ? { finishesAt: take.finishesAt } : {}),
    ...(take.fault ? { fault: take.fault } : {}),
  }
}

function lossesOf(parts: readonly Part[]): TakeGap[] {
  const out: TakeGap[] = []
  for (const part of parts.toReversed()) {
    const gaps = [
      ...part.repairs.map((r) => ({ ...r, state: 'repaired' as const, cause: undefined })),
      ...part.lost.map((r) => ({ ...r, state: 'lost' as const })),
      ...part
        .pending()
        .filter((r) => r.to > part.opening)
        .map((r) => ({ ...r, state: 'waiting' as const, cause: undefined })),
    ]
    gaps.sort((a, b) => (a.from < b.from ? 1 : -1))
    for (const { from, to, state, cause } of gaps.slice(0, MAX_LOSSES - out.length)) {
      const frames = Number(to - from)
      const seconds = secondsOf(frames, part.format)
      const atSeconds = secondsOf(from - part.first, part.format)
      const what = `${lengthText(seconds)} at ${timeText(atSeconds)}`
      const sentence =
        state === 'repaired'
          ? `${what} came late and is in its place.`
          : state === 'waiting'
            ? `${what} is missing and is asked for.`
            : `${what} is lost and stays silent: ${WHERE[cause]}.`
      out.push({ file: part.name ?? '', atSeconds, seconds, frames, state, ...(cause ? { cause } : {}), sentence })
    }
  }
  return out
}

function markersOf(take: Take): TakeMarker[] {
  const skipped = Math.max(0, take.markers.length - MAX_MARKERS)
  return take.markers.slice(skipped).map(({ stream, position, label }, place) => {
    const number = skipped + place
    let before = 0
    for (const part of take.parts) {
      const inside =
        part.stream === stream && position >= part.first && (part.seam === undefined || position < part.seam)
      if (inside) return { number, atSeconds: before + secondsOf(position - part.first, part.format), label }
      before += part.seconds
    }
    return { number, atSeconds: before, label }
  })
}
