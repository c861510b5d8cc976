/** `npm run faults`: does to the system what the world does, and prints one row a fault. */
import { parseArgs } from 'node:util'
import { describeMachine, machineLines } from '../../bench/machine.ts'
import { Closing } from '../support/closing.ts'
import { enterLab } from '../support/lab/enter.ts'
import { faultRows } from './registry.ts'
import type { FaultRow } from './row.ts'
import { runRow, type Outcome } from './run.ts'
import { writeTable } from './table.ts'

const HELP = `Usage: npm run -s faults -- [NUMBER ...] [--quick] [--json] [--write] [--list]

Runs the faults that Farfield must survive, on real nodes and a real workstation, and prints what was seen of each.
Needs root: it makes a network of its own, from which nothing gets out, with links that lose, delay and stop at will.

  NUMBER ...   only these rows
  --quick      only rows, and as much of them, as takes seconds
  --list       print the rows and end
  --json       one object a line: first the machine, then one a row
  --write      also write the rows into docs/reliability.md

Ends with 0 when every row passed, 1 when one did not or it could not begin, 2 on bad usage.`

interface Options {
  readonly numbers: readonly number[]
  readonly quick: boolean
  readonly list: boolean
  readonly json: boolean
  readonly write: boolean
}

async function main(): Promise<number> {
  const rows = await faultRows()
  const options = readOptions(rows)
  if (typeof options === 'number') return options
  const { numbers, quick, list, json, write } = options
  const chosen = rows.filter((row) => (numbers.length === 0 || numbers.includes(row.number)) && (row.quick || !quick))
  if (list) {
    for (const { number, fault, expected } of chosen)
      console.log(
        json ? JSON.stringify({ number, fault, expected }) : `${String(number).padStart(2)}  ${fault}: ${expected}`,
      )
    return 0
  }
  if (chosen.length === 0) {
    console.error(`faults: there is no quick run of ${numbers.join(', ')}. Leave --quick out.`)
    return 2
  }
  const outside = await enterLab(import.meta.url, 'faults')
  if (outside !== undefined) return outside
  const machine = describeMachine()
  console.log(json ? JSON.stringify({ machine }) : `${machineLines(machine)}\n`)
  const outcomes: Outcome[] = []
  let closing = new Closing()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void closing.close().finally(() => process.exit(130)))
  for (const row of chosen) {
    closing = new Closing()
    const outcome = await runRow(row, { quick, closing })
    outcomes.push(outcome)
    console.log(json ? JSON.stringify(outcome) : lines(outcome))
  }
  const failed = outcomes.filter((outcome) => !outcome.pass)
  if (!json) console.log(`${outcomes.length - failed.length} of ${outcomes.length} passed`)
  if (write) await writeTable(outcomes, machine)
  return failed.length === 0 ? 0 : 1
}

function lines({ number, fault, expected, seen, pass, seconds }: Outcome): string {
  const verdict = pass ? 'pass' : 'FAIL'
  return `${String(number).padStart(2)} ${verdict}  ${fault} (${seconds.toFixed(0)} s)\n         expected: ${expected}\n         seen: ${seen}`
}

function readOptions(rows: readonly FaultRow[]): Options | number {
  let parsed
  try {
    parsed = parseArgs({
      options: {
        quick: { type: 'boolean' },
        list: { type: 'boolean' },
        json: { type: 'boolean' },
        write: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    console.error(`faults: ${(error as Error).message.split(/\. |\n/)[0]}. See --help.`)
    return 2
  }
  const { values, positionals } = parsed
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const unknown = positionals.find((text) => !rows.some((row) => String(row.number) === text))
  if (unknown !== undefined) {
    console.error(
      `faults: there is no row "${unknown}". There are ${[...new Set(rows.map((r) => r.number))].join(', ')}.`,
    )
    return 2
  }
  if (values.write && values.quick) {
    console.error('faults: --write goes with whole runs, not with --quick.')
    return 2
  }
  const { quick = false, list = false, json = false, write = false } = values
  return { numbers: positionals.map(Number), quick, list, json, write }
}

process.exit(await main())
