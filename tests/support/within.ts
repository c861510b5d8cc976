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
  const limits = -below === above ? `±${above}` : `+${limit(above)}/−${limit(-below)}`
  record({
    standard,
    case: name,
    tolerance: `${figure(wanted)} ${limits} ${unit}`,
    read: `${figure(read)} ${unit}`,
  })
  const what = `${standard}, ${name}: ${read} ${unit} for ${wanted}`
  expect(read - wanted, what).toBeGreaterThanOrEqual(below)
  expect(read - wanted, what).toBeLessThanOrEqual(above)
}

function figure(value: number): string {
  return value === -Infinity ? '−∞' : value.toFixed(2).replace('-', '−')
}

function limit(value: number): string {
  return value === Infinity ? '∞' : String(value)
}
