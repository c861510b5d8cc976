/** What the meters read in the cases of the standards, for the table of accuracy: one JSON object a line. */
import { appendFileSync } from 'node:fs'

export interface Accuracy {
  /** "EBU Tech 3341". */
  readonly standard: string
  /** "case 13, 7". */
  readonly case: string
  /** As the standard gives it: "-23.0 ±0.1 LUFS". */
  readonly tolerance: string
  /** With its unit: "-22.99 LUFS". */
  readonly read: string
}

/** Appends to the file that FARFIELD_ACCURACY names; does nothing without it. */
export function record(accuracy: Accuracy): void {
  const file = process.env['FARFIELD_ACCURACY']
  if (file) appendFileSync(file, `${JSON.stringify(accuracy)}\n`)
}
