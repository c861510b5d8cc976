/**
 * Comma-separated values that a spreadsheet and a program both read: RFC 4180, UTF-8 with the mark that Excel needs to
 * know it, one line of headings with units, and what is true of the whole file repeated in each line, so that nothing
 * has to be skipped and files can be put together.
 */
import type { NodeView } from '#contract/state.ts'
import type { Column, Table } from '#meters/draw/table.ts'
import { calibrationWords, localTime } from './words.ts'

export type Cell = string | number | undefined

/** Byte order mark: without it Excel reads UTF-8 as the code page of the computer. */
export const CSV_MARK = '\uFEFF'

/** A spreadsheet takes text that begins so for a formula. */
const FORMULA = /^[=+\-@\t\r]/

export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join()}\r\n`
}

/** Numbers as exact as they are; no figure and silence (-Infinity) are empty: spreadsheets take any word for text. */
function cellText(cell: Cell): string {
  if (cell === undefined) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  const text = FORMULA.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** "Peak (dBFS)". */
export function columnTitle({ title, unit }: Column): string {
  return unit === undefined ? title : `${title} (${unit})`
}

/** Columns of what a file says of its node, at the right of its own. */
export const NODE_COLUMNS = ['node', 'address', 'simulated', 'sample rate (Hz)', 'calibration', 'program']

/** `calibration` where it is not that of now. */
export function nodeCells(node: NodeView, version: string, calibration = calibrationWords(node.calibration)): Cell[] {
  const simulated = node.source && (node.source.simulated ? 'yes' : 'no')
  return [node.name, node.address, simulated, node.format?.rate, calibration, `Farfield ${version}`]
}

/** A table of one node at one moment. `at`: ms since 1970. */
export function tableCsv({ columns, rows }: Table, node: NodeView, at: number, version: string): string {
  const titles = [...columns.map(columnTitle), 'saved UTC', 'saved local', ...NODE_COLUMNS]
  const facts = [new Date(at).toISOString(), localTime(at), ...nodeCells(node, version)]
  return CSV_MARK + csvLine(titles) + rows.map((row) => csvLine([...row, ...facts])).join('')
}
