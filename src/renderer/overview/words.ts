/** What a tile says of a node in a few words, and how much that matters. */
import type { NodeView } from '#contract/state.ts'
import { formatSpan, plural } from '#renderer/format.ts'

export interface Word {
  readonly text: string
  readonly tone: 'calm' | 'warn' | 'bad'
}

/** A repair of less needs no words. */
const WORTH_SECONDS = 0.001

/** The worst first: what endangers sound now, what is missing, what is on its way, what came back. */
export function lossWord({ link, format, presence }: NodeView): Word {
  // Sound of the moment is on its way all the time: less than a millisecond of it, or before the first block, is no loss.
  const told = (frames: number): boolean => format !== undefined && frames / format.rate >= WORTH_SECONDS
  const span = (frames: number): string => (format ? formatSpan(frames / format.rate) : plural(frames, 'frame'))
  if (link.warnings.some(({ code }) => code === 'ring-ends')) return { text: 'Sound is about to be lost', tone: 'bad' }
  if (link.warnings.some(({ code }) => code === 'link-slow')) return { text: 'Link too slow', tone: 'warn' }
  if (told(link.pendingFrames)) return { text: `Refilling ${span(link.pendingFrames)}`, tone: 'warn' }
  if (link.missingFrames > 0)
    return { text: `${plural(link.gaps, 'gap')}, ${span(link.missingFrames)} missing`, tone: 'warn' }
  if (told(link.repairedFrames)) return { text: `${span(link.repairedFrames)} refilled`, tone: 'calm' }
  if (presence === 'lost' || presence === 'stalled') return { text: 'No loss until then', tone: 'calm' }
  return { text: link.frames > 0 ? 'No loss' : '', tone: 'calm' }
}

/** The surest first: a level that a calibrator told, one that is taken from papers, a response that is corrected. */
export function calibrationWord({ calibration: { state, spl } }: NodeView): Word {
  if (state === 'refused') return { text: 'Calibration refused', tone: 'warn' }
  if (spl) return { text: spl.estimate ? 'SPL estimated' : 'SPL calibrated', tone: 'calm' }
  return { text: state === 'applied' ? 'Corrected' : 'Uncalibrated', tone: 'calm' }
}

/**
 * How many columns show `count` tiles largest on a wall of `width` by `height`: with the tile's shape (width to height) as
 * near to `shape` as the count allows: in a tile of that shape the figure is as wide as it is let be, and as high.
 */
export function wallColumns(count: number, width: number, height: number, shape = 1.3): number {
  let best = 1
  let largest = 0
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const tile = Math.min(width / columns, (height / rows) * shape)
    if (tile > largest + 0.5) {
      best = columns
      largest = tile
    }
  }
  return best
}
