/** The words of the history: what stands at the cursor, and what stretch is shown. */
import { HISTORY_FIGURES, HISTORY_OVERLOAD, historyLevel, type HistoryFigureId } from '#contract/history.ts'
import { formatLevel } from '#meters/draw/format.ts'
import { formatDuration, formatTime } from '#renderer/format.ts'
import type { HistoryModel } from './model.ts'
import { lineOf, type FigureSet } from './page.ts'

export interface Readout {
  /** Begin of the stretch, ms since 1970. */
  readonly from: number
  readonly time: string
  readonly main: string
  readonly spread: string
  readonly other: string
  /** What is to be known of the figures; empty where all of it was heard. */
  readonly heard: string
  /** As the engine says it, in hundredths of a dB; undefined where there is none. */
  readonly hundredths: number | undefined
  readonly otherHundredths: number | undefined
}

export function titleOf(figure: HistoryFigureId): string {
  return HISTORY_FIGURES.find(({ id }) => id === figure)!.title
}

/** At the cursor, or at the newest stretch with a figure. Undefined for an empty page. */
export function readout(model: HistoryModel, set: FigureSet, channel: number, offset: number): Readout | undefined {
  const { page, cursor } = model
  if (!page || page.count === 0) return undefined
  const last = page.heard.findLastIndex((ms) => ms > 0)
  const i = cursor === undefined ? last : Math.floor((cursor - page.from) / page.step)
  if (i < 0 || i >= page.count) return undefined
  const main = lineOf(page, set.main, channel)
  const other = lineOf(page, set.other, channel)
  const level = (figure: number | undefined): string => {
    const value = historyLevel(figure)
    return formatLevel(value === undefined ? undefined : value + offset)
  }
  const from = page.from + i * page.step
  const [heard, lost] = [page.heard[i]! / page.step, page.lost[i]! / page.step]
  const percent = (share: number): string => `${share > 0 && share < 0.01 ? '<1' : Math.round(100 * share)} %`
  const state = lost > 0 ? `${percent(lost)} lost` : heard > 0 ? '' : 'not listened to'
  const over = (page.flags[i]! & HISTORY_OVERLOAD) !== 0
  return {
    from,
    time: page.step < 1000 ? `${formatTime(from)}.${Math.floor((from % 1000) / 100)}` : formatTime(from),
    main: level(main?.mean[i]),
    spread: historyLevel(main?.mean[i]) === undefined ? '' : `${level(main!.min[i])} to ${level(main!.max[i])}`,
    other: level(other?.max[i]),
    heard: [state, over && 'overload'].filter(Boolean).join(', '),
    hundredths: main?.mean[i],
    otherHundredths: other?.max[i],
  }
}

const PARTS = [
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** "8 h", "12 min 30 s". */
function spanWords(seconds: number): string {
  let left = Math.max(1, Math.round(seconds))
  const words = PARTS.flatMap(([size, unit]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count > 0 ? [`${count} ${unit}`] : []
  })
  return words.slice(0, 2).join(' ')
}

/** "05:20:00 to 05:30:00, 10 min, steps of 1 s". */
export function stretchWords({ view, page, live }: HistoryModel): string {
  const step = page ? page.step / 1000 : 0
  const steps = step >= 60 ? formatDuration(step) : `${step} s`
  const length = spanWords((view.to - view.from) / 1000)
  return `${formatTime(view.from)} to ${live ? 'now' : formatTime(view.to)}, ${length}${page ? `, steps of ${steps}` : ''}`
}
