/** The last minute as a table: one line a step of the picture, and one for each stretch of which nothing was heard. */
import type { Table } from '#meters/draw/table.ts'
import { HISTORY_FLOOR, HISTORY_STEP_SECONDS, type History } from '#renderer/last-minute/history.ts'

const SAID = { lost: 'lost', away: 'not listened to', settling: 'no loudness yet' } as const

/** Undefined before the first sound. */
export function minuteTable(history: History | undefined): Table | undefined {
  if (!history || history.newest === -Infinity) return undefined
  const [time, loudness, peak] = history.columns()
  const heard = Array.from(time, (at, i) => ({
    at,
    cells: [level(loudness[i]!), level(peak[i]!), 'heard', HISTORY_STEP_SECONDS],
  }))
  const holes = history.spans.map(({ from, to, kind }) => ({
    at: from,
    cells: [undefined, undefined, SAID[kind], to - from],
  }))
  return {
    columns: [
      { title: 'at UTC' },
      { title: 'Momentary', unit: 'LUFS' },
      { title: 'Peak', unit: 'dBFS' },
      { title: 'Sound' },
      { title: 'Length', unit: 's' },
    ],
    rows: [...heard, ...holes]
      .sort((a, b) => a.at - b.at)
      .map(({ at, cells }) => [new Date(Math.round(1000 * at)).toISOString(), ...cells]),
  }
}

/** What lies on the floor of the picture is at most that: no figure. */
function level(db: number): number | undefined {
  return db > HISTORY_FLOOR ? db : undefined
}
