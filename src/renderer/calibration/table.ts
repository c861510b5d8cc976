import type { CalibrationCurves } from '#contract/calibration.ts'
import type { Table } from '#meters/draw/table.ts'

/** A row for each frequency of the curves. */
export function curvesTable({ hz, response, correction, residual, rows }: CalibrationCurves): Table {
  const given = new Set(rows)
  return {
    columns: [
      { title: 'Frequency', unit: 'Hz' },
      { title: 'Microphone', unit: 'dB' },
      { title: 'Correction', unit: 'dB' },
      { title: 'Remains', unit: 'dB' },
      { title: 'Row of the file' },
    ],
    rows: hz.map((frequency, i) => [
      frequency,
      response[i] ?? undefined,
      correction[i] ?? undefined,
      residual[i] ?? undefined,
      given.has(i) ? 'yes' : 'no',
    ]),
  }
}
