/** The spectrum as numbers: every column as it was read, not smoothed. */
import type { Table } from '#meters/draw/table.ts'
import { levelUnit, type Feed } from '#meters/draw/view.ts'
import { slotAt } from '#meters/meter.ts'
import { spectrumFrequencies, spectrumMeter } from './meter.ts'
import { shiftOf } from './shown.ts'

export function spectrumTable(feed: Feed): Table | undefined {
  const reading = feed.reading()
  if (!reading) return undefined
  const layout = spectrumMeter.layout(feed.shape)
  const level = slotAt(layout, 'db').at
  const hold = slotAt(layout, 'hold').at
  const shift = shiftOf(feed)
  const unit = levelUnit(feed)
  return {
    columns: [
      { title: 'Frequency', unit: 'Hz' },
      { title: 'Level', unit },
      { title: 'Peak hold', unit },
    ],
    rows: Array.from(spectrumFrequencies(feed.shape), (hz, i) => [
      hz,
      reading[level + i]! + shift,
      reading[hold + i] === -Infinity ? undefined : reading[hold + i]! + shift,
    ]),
  }
}
