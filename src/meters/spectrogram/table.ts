/** The newest of a spectrogram as numbers: a row for each moment, a column for each frequency. */
import type { Table } from '#meters/draw/table.ts'
import { levelUnit, type Feed } from '#meters/draw/view.ts'
import { shiftOf } from '#meters/spectrum/shown.ts'
import { historyOf } from './history.ts'
import { columnSeconds, ROWS, spectrogramFrequencies } from './meter.ts'

const SECONDS = 30

/** Of the last half minute that was looked at; what was lost or not seen has no levels. */
export function spectrogramTable(feed: Feed): Table | undefined {
  const history = historyOf(feed.shape)
  if (history.head === 0) return undefined
  const step = columnSeconds(feed.shape)
  const shift = shiftOf(feed)
  const unit = levelUnit(feed)
  const count = Math.min(Math.round(SECONDS / step), history.head - history.oldest)
  return {
    columns: [
      { title: 'Time', unit: 's' },
      ...Array.from(spectrogramFrequencies(feed.shape), (hz) => ({ title: `${hz.toFixed(1)} Hz`, unit })),
    ],
    rows: Array.from({ length: count }, (_, i) => {
      const column = history.head - count + i
      const heard = history.kind(column) === 'heard'
      return [
        (i - count + 1) * step,
        ...Array.from({ length: ROWS }, (_none, row) => (heard ? history.level(column, row) + shift : undefined)),
      ]
    }),
  }
}
