/**
 * An arrangement: panels in order, each with a size. Where each of them stands follows from order and sizes alone, as words
 * follow on a page, so that nothing ever lies over anything else. Every function gives a new arrangement, or the same object
 * where nothing changed.
 */
import type { PanelDefinition, Size } from './definition.ts'

export const COLUMNS = 24
/** Higher than any screen that shows nine of them at once. */
export const MOST_ROWS = 18

export interface PlacedPanel extends Size {
  readonly id: string
}

export type Arrangement = readonly PlacedPanel[]

/** What is needed to know of a panel to place it. */
export type Limits = Pick<PanelDefinition, 'id' | 'size' | 'least'>

/** Upper left corner and size, in columns and rows from 0. */
export interface Place extends Size {
  readonly column: number
  readonly row: number
}

/**
 * Each panel at the first place that is free below and behind those before it: from left to right, then down, never above
 * the panel before it. The order is the order of reading, and of the focus.
 */
export function placesOf(sizes: readonly Size[]): Place[] {
  const filled = Array.from({ length: COLUMNS }, () => 0)
  let lastRow = 0
  return sizes.map(({ columns, rows }) => {
    let place = { column: 0, row: Infinity }
    for (let column = 0; column + columns <= COLUMNS; column++) {
      const row = Math.max(lastRow, ...filled.slice(column, column + columns))
      if (row < place.row) place = { column, row }
    }
    filled.fill(place.row + rows, place.column, place.column + columns)
    lastRow = place.row
    return { ...place, columns, rows }
  })
}

/** The panel stands before `before` afterwards, or at the end. */
export function move(panels: Arrangement, id: string, before: string | undefined): Arrangement {
  const moved = panels.find((one) => one.id === id)
  if (!moved || before === id) return panels
  const others = panels.filter((one) => one !== moved)
  const found = others.findIndex((one) => one.id === before)
  const at = found < 0 ? others.length : found
  return others.every((one, i) => panels[i < at ? i : i + 1] === one) ? panels : others.toSpliced(at, 0, moved)
}

/** In whole columns and rows, within what the panel needs and the grid has. */
export function resize(panels: Arrangement, { id, least }: Limits, wanted: Size): Arrangement {
  const { columns, rows } = fitted(wanted, least)
  return panels.some((one) => one.id === id && (one.columns !== columns || one.rows !== rows))
    ? panels.map((one) => (one.id === id ? { id, columns, rows } : one))
    : panels
}

/** At the end, or where it was before: at place `at`. Nothing is there twice. */
export function add(panels: Arrangement, panel: PlacedPanel, at = panels.length): Arrangement {
  return panels.some((one) => one.id === panel.id) ? panels : panels.toSpliced(at, 0, panel)
}

export function remove(panels: Arrangement, id: string): Arrangement {
  return panels.some((one) => one.id === id) ? panels.filter((one) => one.id !== id) : panels
}

/** As it is when somebody adds it. */
export function fresh({ id, size, least }: Limits): PlacedPanel {
  return { id, ...fitted(size, least) }
}

export function same(a: Arrangement, b: Arrangement): boolean {
  return (
    a.length === b.length &&
    a.every(({ id, columns, rows }, i) => b[i]!.id === id && b[i]!.columns === columns && b[i]!.rows === rows)
  )
}

/**
 * Before which other panel the one in the hand would stand if it were let go here; undefined is at the end. It is the
 * order whose place for it is nearest. `held` is its upper left corner in columns and rows, not whole; `squareness` is the
 * height of a row over the width of a column.
 */
export function nearest(
  panels: Arrangement,
  id: string,
  held: Pick<Place, 'column' | 'row'>,
  squareness: number,
): string | undefined {
  const others = panels.filter((one) => one.id !== id)
  let best: { readonly before: string | undefined; readonly distance: number } | undefined
  for (let at = 0; at <= others.length; at++) {
    const before = others[at]?.id
    const ordered = move(panels, id, before)
    const place = placesOf(ordered)[at]!
    const distance = Math.hypot(place.column - held.column, (place.row - held.row) * squareness)
    if (!best || distance < best.distance) best = { before, distance }
  }
  return best?.before
}

/** Panels that are not known, or come twice, are dropped; a size that cannot be is the usual one. `undefined`: no arrangement. */
export function readArrangement(value: unknown, known: readonly Limits[]): Arrangement | undefined {
  if (!Array.isArray(value)) return undefined
  return value.reduce<Arrangement>((panels, entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return panels
    const { id, columns, rows } = entry as Record<string, unknown>
    const limits = known.find((one) => one.id === id)
    if (!limits) return panels
    const size = isCount(columns) && isCount(rows) ? fitted({ columns, rows }, limits.least) : limits.size
    return add(panels, { id: limits.id, columns: size.columns, rows: size.rows })
  }, [])
}

function fitted({ columns, rows }: Size, least: Size): Size {
  return { columns: between(least.columns, columns, COLUMNS), rows: between(least.rows, rows, MOST_ROWS) }
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(high, Math.round(value)))
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
