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
  /** Digits behind the point, default 2. */
  readonly digits?: number
}

/** Holds a reading against the limits of a standard and notes it for the table of accuracy. */
export function within({ standard, case: name, unit, wanted, below, above, read, digits = 2 }: LimitCase): void {
  record({
    standard,
    case: name,
    tolerance: `${limits(wanted, below, above, digits)} ${unit}`,
    read: `${figure(read, digits)} ${unit}`,
  })
  const what = `${standard}, ${name}: ${read} ${unit} for ${wanted}`
  expect(read - wanted, what).toBeGreaterThanOrEqual(below)
  expect(read - wanted, what).toBeLessThanOrEqual(above)
}

/** "−23.00 ±0.1", "2.50 +1/−2", "≥ 16.60". */
function limits(wanted: number, below: number, above: number, digits: number): string {
  if (above === Infinity) return `≥ ${figure(wanted + below, digits)}`
  if (below === -Infinity) return `≤ ${figure(wanted + above, digits)}`
  return `${figure(wanted, digits)} ${-below === above ? `±${above}` : `+${above}/−${-below}`}`
}

function figure(value: number, digits: number): string {
  return value === -Infinity ? '−∞' : value.toFixed(digits).replace('-', '−')
}
