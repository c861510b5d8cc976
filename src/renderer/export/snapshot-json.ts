/** Every figure of a moment as JSON, exact, with units, and with what is needed to know what it means. */
import type { NodeView } from '#contract/state.ts'
import type { Table } from '#meters/draw/table.ts'
import { calibrationWords, localTime } from './words.ts'

export interface SnapshotNode {
  readonly node: NodeView
  readonly panels: readonly { readonly id: string; readonly title: string; readonly table?: Table | undefined }[]
}

export interface Snapshot {
  /** ms since 1970. */
  readonly at: number
  /** Of Farfield. */
  readonly version: string
  readonly view: 'node' | 'overview'
  readonly nodes: readonly SnapshotNode[]
}

/** JSON has no infinity: silence is written so, which Python's float() reads too. */
const SILENCE = '-inf'

/** A cell is null where there is no figure, and "-inf" for silence on a scale in dB. */
export function snapshotJson({ at, version, view, nodes }: Snapshot): string {
  const file = {
    kind: 'farfield-snapshot',
    version: 1,
    program: `Farfield ${version}`,
    timeUtc: new Date(at).toISOString(),
    timeLocal: localTime(at),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    view,
    nodes: nodes.map(({ node, panels }) => ({ ...facts(node), panels: panels.map(panelOf) })),
  }
  return `${JSON.stringify(file, null, 1)}\n`
}

function facts({ name, address, id, presence, software, format, source, calibration, link, paused }: NodeView) {
  const { losses: _losses, warnings: _warnings, ...counters } = link
  const { estimates: _estimates, ...calibrated } = calibration
  return {
    node: name,
    address,
    id,
    presence,
    software,
    source,
    simulated: source?.simulated,
    format,
    totalsPaused: paused,
    calibration: { inWords: calibrationWords(calibration), ...calibrated },
    link: counters,
  }
}

function panelOf({ id, title, table }: SnapshotNode['panels'][number]) {
  return {
    id,
    title,
    columns: table?.columns,
    rows: table?.rows.map((row) => row.map((cell) => (cell === -Infinity ? SILENCE : (cell ?? null)))),
  }
}
