/** The stretch that is shown, by the second, as a file of the browser's. */
import { HISTORY_FIGURES, MAX_HISTORY_COLUMNS } from '#contract/history.ts'
import type { NodeView } from '#contract/state.ts'
import type { Run } from '#renderer/hooks.ts'
import { csvHead, csvLines } from './csv.ts'
import type { HistoryModel } from './model.ts'

const STEP_MS = 1000
const PAGE_MS = STEP_MS * Math.floor(MAX_HISTORY_COLUMNS / 4)

/** Faults are told by `run`; then there is no file. */
export async function saveHistory(model: HistoryModel, node: NodeView, run: Run): Promise<void> {
  const from = Math.floor(model.view.from / STEP_MS) * STEP_MS
  const to = Math.ceil(model.view.to / STEP_MS) * STEP_MS
  const figures = HISTORY_FIGURES.map(({ id }) => id)
  const facts = { node: node.name, calibration: node.calibration }
  const parts: string[] = []
  for (let begin = from; begin < to; begin += PAGE_MS) {
    const end = Math.min(begin + PAGE_MS, to)
    const columns = Math.floor((end - begin) / STEP_MS)
    const page = await run('history.query', { node: node.key, from: begin, to: end, columns, figures })
    if (!page) return
    if (parts.length === 0) parts.push(csvHead(page, facts))
    parts.push(csvLines(page, facts))
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(parts, { type: 'text/csv' }))
  link.download = fileName(node.name, from)
  link.click()
  URL.revokeObjectURL(link.href)
}

/** A name that every file system takes. */
function fileName(node: string, from: number): string {
  const plain = node.replace(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 60)
  return `${plain}_history_${new Date(from).toISOString().slice(0, 19).replace(/[:T]/g, '-')}Z.csv`
}
