/** Pages of the history put together, and turned into what a plot draws. */
import { historyLevel, type HistoryFigureId, type HistoryLine, type HistoryPage } from '#contract/history.ts'

/** What is shown together: a mean with its spread, and one line above it. */
export interface FigureSet {
  readonly id: string
  readonly title: string
  readonly main: HistoryFigureId
  readonly other: HistoryFigureId
}

export const FIGURE_SETS = [
  { id: 'loudness', title: 'Loudness', main: 'shortTerm', other: 'momentary' },
  { id: 'sound-level', title: 'Sound level', main: 'LAeq', other: 'LAF' },
  { id: 'c-peak', title: 'LAF and C peak', main: 'LAF', other: 'LCpeak' },
  { id: 'level', title: 'RMS and peak', main: 'rms', other: 'peak' },
] as const satisfies readonly FigureSet[]

/** A stretch of time without figures, s since 1970. `lost`: sent, but it did not arrive. `away`: nobody listened. */
export interface Hole {
  readonly from: number
  readonly to: number
  readonly kind: 'lost' | 'away'
}

/** Levels in the unit shown; null where there is no figure. `time` is the middle of each stretch, s since 1970. */
export interface Curves {
  readonly time: number[]
  readonly max: (number | null)[]
  readonly min: (number | null)[]
  readonly mean: (number | null)[]
  readonly other: (number | null)[]
  readonly holes: readonly Hole[]
  /** Ends of the scale, in tens. */
  readonly low: number
  readonly high: number
}

/** `page` with the stretches of `newer`, which is of the same step, in place of its own from where that begins; what is older than `from` ms is left out. */
export function joinPages(page: HistoryPage, newer: HistoryPage, from: number): HistoryPage {
  const skip = Math.min(page.count, Math.max(0, Math.floor((from - page.from) / page.step)))
  const keep = Math.min(page.count, Math.max(skip, Math.round((newer.from - page.from) / page.step)))
  const join = (a: readonly number[], b: readonly number[]): number[] =>
    a.length + b.length === 0 ? [] : [...a.slice(skip, keep), ...b]
  const lines = newer.lines.map((line): HistoryLine => {
    const before = lineOf(page, line.figure, line.channel)
    const none = { min: [], mean: [], max: [] }
    const { min, mean, max } = before ?? none
    return { ...line, min: join(min, line.min), mean: join(mean, line.mean), max: join(max, line.max) }
  })
  return {
    held: newer.held,
    from: page.from + skip * page.step,
    step: page.step,
    count: keep - skip + newer.count,
    lines,
    heard: join(page.heard, newer.heard),
    lost: join(page.lost, newer.lost),
    flags: join(page.flags, newer.flags),
    position: join(page.position, newer.position),
    at: join(page.at, newer.at),
  }
}

export function lineOf(page: HistoryPage, figure: HistoryFigureId, channel: number): HistoryLine | undefined {
  const lines = page.lines.filter((line) => line.figure === figure)
  return lines.find((line) => line.channel === channel) ?? lines[0]
}

const NARROWEST_DB = 40
/** Silence lies at the foot of the scale: a plot has no place for -Infinity. */
const QUIETEST_DB = -120

export function curves(page: HistoryPage, set: FigureSet, channel: number, offset: number): Curves {
  const main = lineOf(page, set.main, channel)
  const other = lineOf(page, set.other, channel)
  let [low, high] = [Infinity, -Infinity]
  const levels = (list: readonly number[] = []): (number | null)[] =>
    list.map((figure) => {
      const level = historyLevel(figure)
      if (level === undefined) return null
      const shown = Math.max(level, QUIETEST_DB) + offset
      if (level > -Infinity) [low, high] = [Math.min(low, shown), Math.max(high, shown)]
      return shown
    })
  const [max, min, mean, above] = [levels(main?.max), levels(main?.min), levels(main?.mean), levels(other?.max)]
  const top = high > -Infinity ? 10 * Math.ceil((high + 1) / 10) : offset
  const foot = low < Infinity ? 10 * Math.floor((low - 1) / 10) : top - NARROWEST_DB
  return {
    time: Array.from({ length: page.count }, (_, i) => (page.from + (i + 0.5) * page.step) / 1000),
    max,
    min,
    mean,
    other: above,
    holes: holes(page),
    low: Math.max(Math.min(foot, top - NARROWEST_DB), QUIETEST_DB + offset),
    high: top,
  }
}

/** Stretches of which something was lost, and those that nobody listened to, joined where they touch. */
function holes({ held, from, step, count, heard, lost }: HistoryPage): Hole[] {
  // Before the beginning there is nothing for ever.
  const found: Hole[] = held && held.from < from + step ? [{ from: 0, to: from / 1000, kind: 'away' }] : []
  for (let i = 0; i < count; i++) {
    const kind = lost[i]! > 0 ? 'lost' : heard[i] === 0 ? 'away' : undefined
    // Of the newest step nothing may have come yet.
    if (!kind || (kind === 'away' && i === count - 1)) continue
    const last = found.at(-1)
    const [begin, end] = [(from + i * step) / 1000, (from + (i + 1) * step) / 1000]
    if (last?.kind === kind && last.to === begin) found[found.length - 1] = { ...last, to: end }
    else found.push({ from: begin, to: end, kind })
  }
  return found
}
