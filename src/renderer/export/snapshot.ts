/** Everything that is seen now, as one picture, and every figure of it in a file beside it. */
import type { NodeView } from '#contract/state.ts'
import type { Table } from '#meters/draw/table.ts'
import { METERS } from '#meters/registry.ts'
import { VIEWS } from '#meters/views.ts'
import type { Teller } from '#renderer/hooks.ts'
import type { Workstation } from '#renderer/workstation.ts'
import { fileName } from './names.ts'
import { drawn, NO_PICTURE, panelsIn } from './panel-files.ts'
import { pictureOf, viewStill } from './picture.ts'
import { saveFile } from './save.ts'
import { snapshotJson, type SnapshotNode } from './snapshot-json.ts'
import { captionOf, captionOfAll } from './words.ts'

/** Of the node whose panels are shown, else of all nodes. */
export async function takeSnapshot(workstation: Workstation, teller: Teller): Promise<void> {
  const seen = document.querySelector('main')?.firstElementChild
  const { state } = workstation.snapshot()
  if (!(seen instanceof HTMLElement) || !state || state.nodes.length === 0)
    return teller.fault({ code: 'not-found', message: 'There is nothing to take a snapshot of. Add a node first.' })
  const at = Date.now()
  const { version } = state.about
  const node = state.nodes.find(({ key }) => workstation.watched.includes(key))
  workstation.painter.drawNow(seen)
  const still = viewStill(seen)
  const tables = node
    ? await Promise.all(panelsIn(seen).map(async ({ table, ...panel }) => ({ ...panel, table: await table?.() })))
    : []
  const nodes: SnapshotNode[] = node
    ? [{ node, panels: tables }]
    : state.nodes.map((each) => ({ node: each, panels: meterTables(workstation, each) }))
  const caption = node ? captionOf(node, 'snapshot', at, version) : captionOfAll(state.nodes, at, version)
  const nameOf = (kind: string): string => fileName(node?.name ?? 'All nodes', 'snapshot', at, kind)
  const figures = snapshotJson({ at, version, view: node ? 'node' : 'overview', nodes })
  const picture = await drawn(pictureOf(still, caption, at, version))
  if (picture) saveFile(nameOf('png'), picture)
  saveFile(nameOf('json'), new Blob([figures], { type: 'application/json' }))
  if (picture)
    teller.done(`Snapshot saved where downloads go: ${nameOf('png')}, and every figure in ${nameOf('json')}.`)
  else teller.fault({ code: 'internal', message: `${NO_PICTURE} The figures are saved as ${nameOf('json')}.` })
}

/** What each meter that always runs says of a node, shown or not. */
function meterTables({ painter }: Workstation, node: NodeView): SnapshotNode['panels'] {
  const { format, calibration, key } = node
  if (!format) return []
  const { offsetDb: splOffset, estimate: splEstimate } = calibration.spl ?? {}
  return VIEWS.flatMap(({ id, title, table }) => {
    const meter = METERS.find((one) => one.id === id)
    if (!table || meter?.onlyWhileWatched) return []
    const shape = { rate: format.rate, channels: format.channels }
    const now: Table | undefined = table(painter.feed(key, METERS, id, shape, { splOffset, splEstimate }))
    return now ? [{ id, title, table: now }] : []
  })
}
