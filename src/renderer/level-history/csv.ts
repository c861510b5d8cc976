/** The history as comma-separated values: one line a second, the unit of each column in its heading, the calibration in each line. */
import {
  HISTORY_CALIBRATED,
  HISTORY_FIGURES,
  HISTORY_OVERLOAD,
  HISTORY_UNCALIBRATED,
  historyLevel,
  type HistoryPage,
} from '#contract/history.ts'
import type { CalibrationView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'

export interface CsvFacts {
  readonly node: string
  readonly calibration: CalibrationView
}

export function csvHead(page: HistoryPage, { calibration }: CsvFacts): string {
  const figures = page.lines.flatMap(({ figure, channel }) => {
    const { title, unit, kind, perChannel, pressure } = HISTORY_FIGURES.find(({ id }) => id === figure)!
    const name = perChannel ? `${title} ${channel + 1}` : title
    const shown = pressure && calibration.spl ? 'dB SPL' : unit
    return kind === 'peak' ? [`${name} (${shown})`] : ['mean', 'min', 'max'].map((part) => `${name} ${part} (${shown})`)
  })
  return `${['time UTC', 'time local', 'heard (%)', 'lost (%)', ...figures, 'overload', 'calibration'].join()}\r\n`
}

/** Lines of a page with steps of a second or more; a stretch of which there is nothing has empty cells, never zeros. */
export function csvLines(page: HistoryPage, facts: CsvFacts): string {
  const offset = facts.calibration.spl?.offsetDb ?? 0
  const lines: string[] = []
  for (let i = 0; i < page.count; i++) {
    const at = page.from + i * page.step
    const heard = page.heard[i]!
    const cells = page.lines.flatMap(({ figure, min, mean, max }) => {
      const { kind, pressure } = HISTORY_FIGURES.find(({ id }) => id === figure)!
      const lists = kind === 'peak' ? [max] : [mean, min, max]
      return lists.map((list) => cell(list[i], pressure ? offset : 0))
    })
    const share = (ms: number): string => String(Math.round((1000 * ms) / page.step) / 10)
    const overload = heard === 0 ? '' : page.flags[i]! & HISTORY_OVERLOAD ? 'yes' : 'no'
    const state = heard === 0 ? '' : quote(calibrationWords(page.flags[i]!, facts.calibration))
    lines.push(
      [new Date(at).toISOString(), localTime(at), share(heard), share(page.lost[i]!), ...cells, overload, state].join(),
    )
  }
  return lines.map((line) => `${line}\r\n`).join('')
}

/** What the figures of a stretch were corrected with, and what makes them sound pressure. */
export function calibrationWords(flags: number, { file, spl }: CalibrationView): string {
  const both = (flags & HISTORY_CALIBRATED) !== 0 && (flags & HISTORY_UNCALIBRATED) !== 0
  const corrected = flags & HISTORY_CALIBRATED ? `corrected${file === undefined ? '' : ` by ${file}`}` : 'not corrected'
  const response = both ? `partly ${corrected}` : corrected
  if (!spl) return `${response}; no sound pressure`
  const from = { estimate: `estimated (${spl.convention ?? ''})`, calibrator: 'by calibrator', typed: 'typed' }
  return `${response}; dB SPL = dBFS + ${formatLevel(spl.offsetDb, 2)} ${from[spl.provenance]}`
}

/** Silence and no figure are empty: spreadsheets take any word for text. */
function cell(figure: number | undefined, offset: number): string {
  const level = historyLevel(figure)
  return level === undefined || level === -Infinity ? '' : (level + offset).toFixed(2)
}

/** ISO 8601 with this computer's offset to UTC. */
export function localTime(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset()
  const two = (n: number): string => String(Math.floor(Math.abs(n))).padStart(2, '0')
  const zone = `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
  return new Date(ms + 60_000 * minutes).toISOString().slice(0, -1) + zone
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
