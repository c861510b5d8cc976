/** The figures of the sound level panel, by the slots that they are read from. */

export interface Shown {
  readonly slot: string
  readonly label: string
  /** Without sound there is none; the others stay. */
  readonly present?: true
  /** Of the greatest or the least: slot of the present level that it is of. */
  readonly of?: string
  /** Slot of the share of its window that was heard. */
  readonly coverage?: string
}

/** A column for each: what follows the letter of the weighting, and what the slot is called after it. */
export const COLUMNS = ['F', 'S', 'I', 'Fmax', 'Fmin', 'Smax', 'Smin', 'eq', 'peak'] as const
export const WEIGHTINGS = ['A', 'C', 'Z'] as const

/** Impulse is of A, peaks are of C (IEC 61672-1). */
export function cell(weighting: (typeof WEIGHTINGS)[number], column: (typeof COLUMNS)[number]): Shown | undefined {
  if (column === 'I' && weighting !== 'A') return undefined
  if (column === 'peak') return weighting === 'C' ? { slot: 'LCpeakMax', label: 'LCpeak' } : undefined
  const slot = `L${weighting}${column}`
  if (column.length === 1) return { slot, label: slot, present: true }
  return column === 'eq' ? { slot, label: slot } : { slot, label: slot, of: slot.slice(0, 3) }
}

const average = (window: string, label: string): Shown => ({
  slot: `LAeq${window}`,
  label,
  present: true,
  coverage: `coverage${window}`,
})

export const AVERAGES: readonly Shown[] = [
  average('1s', 'LAeq 1 s'),
  average('1min', '1 min'),
  average('5min', '5 min'),
  average('15min', '15 min'),
  average('1h', '1 h'),
  { slot: 'LAE', label: 'LAE' },
]

export const PERCENTILES: readonly Shown[] = [1, 5, 10, 50, 90, 95, 99].map((percent) => ({
  slot: `L${percent}`,
  label: `LA${percent}`,
}))

const WEIGHTED: readonly Shown[] = WEIGHTINGS.flatMap((weighting) =>
  COLUMNS.flatMap((column) => cell(weighting, column) ?? []),
)

/**
 * Maxima take what was before the stream for silence, the present level does not (see time-weighting.ts): for seven time
 * constants of S, the slowest, the present may be above its own maximum by more than this, dB. That one is on its way yet.
 */
const RISE_S = 7
const RISEN_DB = 0.01

/** Whether there is an extreme: before the first there is none, which is not silence. `now`: what it is of; `heard`: since reset, s. */
export function isThere(extreme: number, now: number, heard: number, slot: string): boolean {
  if (extreme === -Infinity) return false
  return heard >= RISE_S || !slot.endsWith('max') || extreme >= now - RISEN_DB
}

/** Every figure once. */
export const ALL: readonly Shown[] = [...WEIGHTED, ...AVERAGES, ...PERCENTILES]

/** What a figure is called where it stands alone. */
export function nameOf({ slot, label }: Shown): string {
  return slot.startsWith('LAeq') && !label.startsWith('L') ? `LAeq ${label}` : label
}
