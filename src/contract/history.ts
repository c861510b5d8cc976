/**
 * What a screen may look back at: figures of a node per stretch of time. Levels travel as whole hundredths of a dB, so that
 * a day fits into one message and every screen shows the same number.
 */

/** `spread`: smallest, energy mean and largest of a stretch. `peak`: the largest alone. */
export interface HistoryFigure {
  readonly id: string
  readonly title: string
  readonly unit: 'LUFS' | 'dBFS'
  readonly perChannel: boolean
  readonly kind: 'spread' | 'peak'
  /** An offset to dB SPL may be added. */
  readonly pressure: boolean
}

const spread = { kind: 'spread', perChannel: true, pressure: false } as const
export const HISTORY_FIGURES = [
  { ...spread, id: 'momentary', title: 'Momentary', unit: 'LUFS', perChannel: false },
  { ...spread, id: 'shortTerm', title: 'Short-term', unit: 'LUFS', perChannel: false },
  { ...spread, id: 'rms', title: 'RMS', unit: 'dBFS' },
  { ...spread, id: 'peak', title: 'Peak', unit: 'dBFS', kind: 'peak' },
  { ...spread, id: 'LAeq', title: 'LAeq', unit: 'dBFS', pressure: true },
  { ...spread, id: 'LAF', title: 'LAF', unit: 'dBFS', pressure: true },
  { ...spread, id: 'LCpeak', title: 'LCpeak', unit: 'dBFS', kind: 'peak', pressure: true },
] as const satisfies readonly HistoryFigure[]

export type HistoryFigureId = (typeof HISTORY_FIGURES)[number]['id']

/** In place of hundredths of a dB: there was no sound to measure, or no figure of it yet. */
export const NO_FIGURE = -32768
/** -Infinity dB. */
export const SILENT = -32767

/** dB of what travels; -Infinity for silence, undefined where there is no figure. */
export function historyLevel(hundredths: number | undefined): number | undefined {
  if (hundredths === undefined || hundredths === NO_FIGURE) return undefined
  return hundredths === SILENT ? -Infinity : hundredths / 100
}

/** Bits of `flags`: true of at least some of the stretch. */
export const HISTORY_CALIBRATED = 1
export const HISTORY_UNCALIBRATED = 2
/** The converter was at full scale. */
export const HISTORY_OVERLOAD = 4

export interface HistoryQuery {
  readonly node: number
  /** ms since 1970 by the node's clock. */
  readonly from: number
  readonly to: number
  /** As many stretches as that are wanted at most, 1 to `MAX_HISTORY_COLUMNS`. */
  readonly columns: number
  readonly figures: readonly HistoryFigureId[]
}

export interface HistoryLine {
  readonly figure: HistoryFigureId
  /** From 0; 0 too where there is one for all channels. */
  readonly channel: number
  /** Hundredths of a dB; empty where the figure is a peak. */
  readonly min: readonly number[]
  readonly mean: readonly number[]
  readonly max: readonly number[]
}

/** Stretch `i` begins at `from + i * step`; all of a page lie on the same grid of whole steps since 1970. */
export interface HistoryPage {
  /** What there is of the node at all, ms; null for nothing. */
  readonly held: { readonly from: number; readonly to: number } | null
  readonly from: number
  /** ms: 100, 200, 500 or whole seconds. Larger than asked for where so fine a history is not kept. */
  readonly step: number
  /** How many stretches: as far as there is something, at most as asked for and one. */
  readonly count: number
  readonly lines: readonly HistoryLine[]
  /** ms of each stretch that were heard, and that were sent but lost. What is neither was not listened to. */
  readonly heard: readonly number[]
  readonly lost: readonly number[]
  readonly flags: readonly number[]
  /** Of the newest reading of each stretch: frames since its stream began, and UTC in ms; 0 where there was none. */
  readonly position: readonly number[]
  readonly at: readonly number[]
}

export const MAX_HISTORY_COLUMNS = 4000
export const FINE_MS = 100
const FINE_STEPS_MS = [FINE_MS, 200, 500, 1000] as const

/** Length of a stretch, ms, where `span` ms are to be at most `columns` of them. */
export function historyStep(span: number, columns: number): number {
  const wanted = span / columns
  return FINE_STEPS_MS.find((step) => wanted <= step) ?? 1000 * Math.ceil(wanted / 1000)
}

/** Arguments as a stranger sent them; undefined when they do not fit. */
export function historyQuery(raw: Readonly<Record<string, unknown>>): Omit<HistoryQuery, 'node'> | undefined {
  const { from, to, columns, figures } = raw
  if (!isTime(from) || !isTime(to) || to <= from) return undefined
  if (!(typeof columns === 'number' && columns >= 1 && columns <= MAX_HISTORY_COLUMNS)) return undefined
  if (!Array.isArray(figures) || figures.length > HISTORY_FIGURES.length) return undefined
  const known = figures.filter(isFigure)
  return known.length === figures.length ? { from, to, columns: Math.floor(columns), figures: known } : undefined
}

function isFigure(value: unknown): value is HistoryFigureId {
  return HISTORY_FIGURES.some(({ id }) => id === value)
}

/** Within the years that a date can have. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15
}
