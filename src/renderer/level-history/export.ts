/** The stretch that is shown, by the second, as a file of the browser's. */
import { HISTORY_FIGURES, MAX_HISTORY_COLUMNS } from '#contract/history.ts'
import type { NodeView } from '#contract/state.ts'
import { fileName } from '#renderer/export/names.ts'
import { csvBlob, saveFile } from '#renderer/export/save.ts'
import type { Run } from '#renderer/hooks.ts'
import { csvHead, csvLines } from './csv.ts'
import type { HistoryModel } from './model.ts'

const STEP_MS = 1000
const PAGE_MS = STEP_MS * Math.floor(MAX_HISTORY_COLUMNS / 4)

/** Faults are told by `run`; then there is no file. `version`: of Farfield. */
export async function saveHistory(model: HistoryModel, node: NodeView, run: Run, version: string): Promise<void> {
  const from = Math.floor(model.view.from / STEP_MS) * STEP_MS
  const to = Math.ceil(model.view.to / STEP_MS) * STEP_MS
  const figures = HISTORY_FIGURES.map(({ id }) => id)
  const facts = { node, version }
  const parts: string[] = []
  for (let begin = from; begin < to; begin += PAGE_MS) {
    const end = Math.min(begin + PAGE_MS, to)
    const columns = Math.floor((end - begin) / STEP_MS)
    const page = await run('history.query', { node: node.key, from: begin, to: end, columns, figures })
    if (!page) return
    if (parts.length === 0) parts.push(csvHead(page, facts))
    parts.push(csvLines(page, facts))
  }
  saveFile(fileName(node.name, 'history', from, 'csv'), csvBlob(parts))
}
