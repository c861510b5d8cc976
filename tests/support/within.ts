import { expect } from 'vitest'
import { record } from './accuracy.ts'

export interface LimitCase {
  readonly standard: string
  readonly case: string
  readonly unit: string
  readonly wanted: number
  /** Deviation that the standard allows, ±Infinity where it sets no limit. */
  readonly below: number
  readonly above: number
  readonly read: number
}

/** Holds a reading against the limits of a standard and notes it for the table of accuracy. */
export function within({ standard, case: name, unit, wanted, below, above, read }: LimitCase): void {
  record({
    standard,
    case: name,
    tolerance: `${limits(wanted, below, above)} ${unit}`,
    read: `${figure(read)} ${unit}`,
  })
  const what = `${standard}, ${name}: ${read} ${unit} for ${wanted}`
  expect(read - wanted, what).toBeGreaterThanOrEqual(below)
  expect(read - wanted, what).toBeLessThanOrEqual(above)
}

/** "−23.00 ±0.1", "2.50 +1/−2", "≥ 16.60". */
function limits(wanted: number, below: number, above: number): string {
  if (above === Infinity) return `≥ ${figure(wanted + below)}`
  if (below === -Infinity) return `≤ ${figure(wanted + above)}`
  return `${figure(wanted)} ${-below === above ? `±${above}` : `+${above}/−${-below}`}`
}

function figure(value: number): string {
  return value === -Infinity ? '−∞' : value.toFixed(2).replace('-', '−')
}
