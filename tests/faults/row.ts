/** A fault that the system must survive: what is done to it, what it should then do, and a run that looks whether it does. */
import type { Closing } from '../support/closing.ts'

/** What a row is given to work with. */
export interface FaultBench {
  /** Its own, empty; removed afterwards. */
  readonly folder: string
  /** Closed afterwards, also when the row fails or takes too long. */
  readonly closing: Closing
  /** Only what fits into seconds: the same fault for a shorter time. */
  readonly quick: boolean
}

export interface FaultResult {
  /** The figures, in a line. */
  readonly seen: string
  readonly pass: boolean
}

export interface FaultRow {
  readonly number: number
  readonly fault: string
  readonly expected: string
  /** It has a run of seconds, which every test run makes. */
  readonly quick?: boolean
  /** When it takes longer, it has failed; default, and always of a quick run: 60. */
  readonly limitSeconds?: number
  /** An exception is a failure too; its first line becomes what was seen. */
  run(bench: FaultBench): Promise<FaultResult>
}
