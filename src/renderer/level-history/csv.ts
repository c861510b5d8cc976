/** The history as comma-separated values: one line a second, the unit of each column in its heading, the calibration in each line. */
import {
  HISTORY_CALIBRATED,
  HISTORY_FIGURES,
  HISTORY_OVERLOAD,
  HISTORY_UNCALIBRATED,
  historyLevel,
  type HistoryPage,
} from '#contract/history.ts'
import type { NodeView } from '#contract/state.ts'
import { columnTitle, CSV_MARK, csvLine, NODE_COLUMNS, nodeCells } from '#renderer/export/csv.ts'
import { calibrationWords, localTime } from '#renderer/export/words.ts'

export interface CsvFacts {
  readonly node: NodeView
  /** Of Farfield. */
  readonly version: string
}

export function csvHead(page: HistoryPage, { node: { calibration } }: CsvFacts): string {
  const figures = page.lines.flatMap(({ figure, channel }) => {
    const { title, unit, kind, perChannel, pressure } = HISTORY_FIGURES.find(({ id }) => id === figure)!
    const name = perChannel ? `${title} ${channel + 1}` : title
    const shown = pressure && calibration.spl ? (calibration.spl.estimate ? 'dB SPL est.' : 'dB SPL') : unit
    const titles = kind === 'peak' ? [name] : ['mean', 'min', 'max'].map((part) => `${name} ${part}`)
    return titles.map((each) => columnTitle({ title: each, unit: shown }))
  })
  return (
    CSV_MARK + csvLine(['time UTC', 'time local', 'heard (%)', 'lost (%)', ...figures, 'overload', ...NODE_COLUMNS])
  )
}

/** Lines of a page with steps of a second or more; a stretch of which there is nothing has empty cells, never zeros. */
export function csvLines(page: HistoryPage, { node, version }: CsvFacts): string {
  const offset = node.calibration.spl?.offsetDb ?? 0
  const lines: string[] = []
  for (let i = 0; i < page.count; i++) {
    const at = page.from + i * page.step
    const heard = page.heard[i]!
    const flags = page.flags[i]!
    const figures = page.lines.flatMap(({ figure, min, mean, max }) => {
      const { kind, pressure } = HISTORY_FIGURES.find(({ id }) => id === figure)!
      const lists = kind === 'peak' ? [max] : [mean, min, max]
      return lists.map((list) => hundredths(list[i], pressure ? offset : 0))
    })
    const share = (ms: number): number => Math.round((1000 * ms) / page.step) / 10
    const overload = heard === 0 ? undefined : flags & HISTORY_OVERLOAD ? 'yes' : 'no'
    const state = heard === 0 ? '' : calibrationWords(node.calibration, corrected(flags))
    const times = [new Date(at).toISOString(), localTime(at), share(heard), share(page.lost[i]!)]
    lines.push(csvLine([...times, ...figures, overload, ...nodeCells(node, version, state)]))
  }
  return lines.join('')
}

function corrected(flags: number): 'all' | 'some' | 'none' {
  if ((flags & HISTORY_CALIBRATED) === 0) return 'none'
  return flags & HISTORY_UNCALIBRATED ? 'some' : 'all'
}

/** As exact as it is kept. */
function hundredths(figure: number | undefined, offset: number): number | undefined {
  const level = historyLevel(figure)
  return level === undefined ? undefined : Number((level + offset).toFixed(2))
}
