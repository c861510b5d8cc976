/** Runs one row with a folder of its own and a limit of time, and closes whatever it opened. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Closing } from '../support/closing.ts'
import type { FaultResult, FaultRow } from './row.ts'

const LIMIT_SECONDS = 60

export interface Outcome extends FaultResult {
  readonly number: number
  readonly fault: string
  readonly expected: string
  readonly seconds: number
}

export async function runRow(row: FaultRow, options: { quick: boolean }): Promise<Outcome> {
  const { number, fault, expected } = row
  const folder = await mkdtemp(join(tmpdir(), `farfield-fault-${number}-`))
  const closing = new Closing()
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  const started = performance.now()
  const limit = row.limitSeconds ?? LIMIT_SECONDS
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<FaultResult>((resolve) => {
    timer = setTimeout(() => resolve({ seen: `not done within ${limit} s`, pass: false }), limit * 1000)
  })
  const failed = (error: unknown): FaultResult => ({ seen: `it failed: ${firstLine(error)}`, pass: false })
  const result = await Promise.race([row.run({ folder, closing, quick: options.quick }).catch(failed), late])
  clearTimeout(timer)
  const unclosed = await closing.close().then(() => undefined, failed)
  const { seen, pass } = unclosed && result.pass ? unclosed : result
  return { number, fault, expected, seen, pass, seconds: (performance.now() - started) / 1000 }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
