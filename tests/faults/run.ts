/** Runs one row with a folder of its own and a limit of time, and closes whatever it opened. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FaultBench, FaultResult, FaultRow } from './row.ts'

const LIMIT_SECONDS = 60
/** For ending what was started. */
const CLOSING_SECONDS = 20

export interface Outcome extends FaultResult {
  readonly number: number
  readonly fault: string
  readonly expected: string
  readonly seconds: number
}

export async function runRow(row: FaultRow, { quick, closing }: Omit<FaultBench, 'folder'>): Promise<Outcome> {
  const { number, fault, expected } = row
  const folder = await mkdtemp(join(tmpdir(), `farfield-fault-${number}-`))
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  const started = performance.now()
  const limit = quick ? LIMIT_SECONDS : (row.limitSeconds ?? LIMIT_SECONDS)
  const ran = await within(limit, () => row.run({ folder, closing, quick }))
  const closed = await within(CLOSING_SECONDS, () => closing.close())
  const result = typeof ran === 'string' ? { seen: ran, pass: false } : ran
  const { seen, pass } = typeof closed === 'string' && result.pass ? { seen: `ending: ${closed}`, pass: false } : result
  return { number, fault, expected, seen, pass, seconds: (performance.now() - started) / 1000 }
}

/** What it resolved with, or in words why it did not. */
async function within<T>(seconds: number, work: () => Promise<T>): Promise<T | string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not done within ${seconds} s`), seconds * 1000)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    return `it failed: ${firstLine(error)}`
  } finally {
    clearTimeout(timer)
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
