/** The list of takes as a table. */
import type { TakeView } from '#contract/state.ts'
import type { Table } from '#meters/draw/table.ts'
import { CSV_MARK, columnTitle, csvLine } from './csv.ts'
import { localTime } from './words.ts'

export function takesTable(takes: readonly TakeView[]): Table {
  const channels = Math.max(0, ...takes.map(({ rms }) => rms.length))
  const each = Array.from({ length: channels }, (_, c) => c)
  return {
    columns: [
      { title: 'began UTC' },
      { title: 'began local' },
      { title: 'node' },
      { title: 'state' },
      { title: 'length', unit: 's' },
      { title: 'frames' },
      { title: 'size', unit: 'bytes' },
      { title: 'gaps' },
      { title: 'missing', unit: 'frames' },
      { title: 'refilled', unit: 'frames' },
      { title: 'certificate' },
      { title: 'certificate says' },
      { title: 'integrated', unit: 'LUFS' },
      ...each.map((c) => ({ title: `RMS ${c + 1}`, unit: 'dBFS' })),
      { title: 'markers' },
      { title: 'folder' },
      { title: 'files' },
      { title: 'fault' },
    ],
    rows: takes.map((take) => [
      new Date(take.startedAt).toISOString(),
      localTime(take.startedAt),
      take.name,
      take.state,
      take.seconds,
      take.frames,
      take.bytes,
      take.gaps,
      take.missingFrames,
      take.repairedFrames,
      take.verdict && (take.verdict.whole ? 'whole' : 'incomplete'),
      take.verdict?.sentence,
      take.integrated ?? undefined,
      ...each.map((c) => take.rms[c] ?? undefined),
      take.markers.map(({ atSeconds, label }) => `${atSeconds.toFixed(3)} s ${label}`).join('; '),
      take.folder,
      take.files.join('; '),
      take.fault?.message,
    ]),
  }
}

/** `at`: ms since 1970. */
export function takesCsv(takes: readonly TakeView[], at: number, version: string): string {
  const { columns, rows } = takesTable(takes)
  const titles = [...columns.map(columnTitle), 'saved UTC', 'program']
  const facts = [new Date(at).toISOString(), `Farfield ${version}`]
  return CSV_MARK + csvLine(titles) + rows.map((row) => csvLine([...row, ...facts])).join('')
}
