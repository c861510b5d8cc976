/** The faults that take seconds, as `npm run faults -- --quick` runs them, several networks beside each other. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { faultRows } from '../faults/registry.ts'
import type { Outcome } from '../faults/run.ts'

const MAIN = fileURLToPath(new URL('../faults/main.ts', import.meta.url))
/** Most of a row is waiting, so more of them than cores. */
const LANES = 3
/** More than a row and its ending are given, so that one that hangs fails by itself. */
const ROW_LIMIT_MS = 90_000
const LIMIT_MS = 180_000
const root = process.getuid?.() === 0
if (!root) console.warn('Networks of their own need root, so the faults are left out.')

const rows = (await faultRows()).filter((row) => row.quick)

describe.skipIf(!root && !process.env['CI'])('quick faults', () => {
  const outcomes: Outcome[] = []

  beforeAll(async () => {
    const numbers = [...new Set(rows.map((row) => row.number))]
    const lane = async (): Promise<void> => {
      for (let next = numbers.shift(); next !== undefined; next = numbers.shift()) outcomes.push(...(await run(next)))
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }, LIMIT_MS)

  test.each(rows.map(({ number, fault }) => [number, fault] as const))('%i: %s', (number, fault) => {
    const outcome = outcomes.find((o) => o.number === number && o.fault === fault)
    expect(outcome, 'the row was run').toBeDefined()
    const { pass, seen, seconds } = outcome!
    console.log(`${number}: ${seen} (${seconds.toFixed(1)} s)`)
    expect({ pass, seen }).toMatchObject({ pass: true })
  })
})

/** The rows of a number. Its exit code says no more than they do. */
function run(number: number): Promise<Outcome[]> {
  return new Promise((resolve) => {
    const args = [MAIN, '--quick', '--json', `${number}`]
    execFile(process.execPath, args, { timeout: ROW_LIMIT_MS, maxBuffer: 1 << 24 }, (_error, stdout, stderr) => {
      if (stderr !== '') console.error(stderr)
      const lines = stdout.split('\n').filter((line) => line !== '')
      const told = lines.map((line) => JSON.parse(line) as Outcome | { machine: object })
      resolve(told.filter((line): line is Outcome => 'number' in line))
    })
  })
}
