/** The figures of the sound level panel, by the slots that they are read from. */

export interface Shown {
  readonly slot: string
  readonly label: string
  /** Without sound there is none; the others stay. */
  readonly present?: true
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
  return column.length === 1 ? { slot, label: slot, present: true } : { slot, label: slot }
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

/** Every figure once. */
export const ALL: readonly Shown[] = [...WEIGHTED, ...AVERAGES, ...PERCENTILES]

/** What a figure is called where it stands alone. */
export function nameOf({ slot, label }: Shown): string {
  return slot.startsWith('LAeq') && !label.startsWith('L') ? `LAeq ${label}` : label
}
