/** The faults that take seconds, as `npm run faults -- --quick` runs them, in two networks beside each other. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { faultRows } from '../faults/registry.ts'
import type { Outcome } from '../faults/run.ts'

const MAIN = fileURLToPath(new URL('../faults/main.ts', import.meta.url))
const LIMIT_MS = 180_000
const root = process.getuid?.() === 0
if (!root) console.warn('Networks of their own need root, so the faults are left out.')

const rows = (await faultRows()).filter((row) => row.quick)
const lanes = [0, 1].map((lane) => rows.filter((_, i) => i % 2 === lane).map((row) => row.number))

describe.skipIf(!root && !process.env['CI'])('quick faults', () => {
  let outcomes: readonly Outcome[] = []

  beforeAll(async () => {
    outcomes = (await Promise.all(lanes.map((numbers) => run(numbers)))).flat()
  }, LIMIT_MS)

  test.each(rows.map(({ number, fault }) => [number, fault] as const))('%i: %s', (number, fault) => {
    const outcome = outcomes.find((o) => o.number === number && o.fault === fault)
    expect(outcome, 'the row was run').toBeDefined()
    console.log(`${number}: ${outcome!.seen} (${outcome!.seconds.toFixed(1)} s)`)
    expect(outcome).toMatchObject({ pass: true })
  })
})

/** Its exit code says no more than the outcomes do. */
function run(numbers: readonly number[]): Promise<Outcome[]> {
  return new Promise((resolve, reject) => {
    const args = [MAIN, '--quick', '--json', ...numbers.map(String)]
    execFile(process.execPath, args, { timeout: LIMIT_MS, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter((line) => line !== '')
      const told = lines.map((line) => JSON.parse(line) as Outcome | { machine: object })
      const found = told.filter((line): line is Outcome => 'number' in line)
      if (found.length === 0) reject(error ?? new Error(`no row was run: ${stderr}`))
      else resolve(found)
    })
  })
}
