/** `npm run bench:dsp`: what signal processing costs, beside libebur128, sox and plain TypeScript, in one interleaved run. */
import { parseArgs } from 'node:util'
import { DisposableStore } from '#shared/lifecycle.ts'
import { contenders, type Contender } from './dsp-contenders.ts'
import { workerCost } from './dsp-worker.ts'
import { describeMachine, machineLines } from './machine.ts'
import { median } from './stats.ts'
import { calibrationFile } from '../tests/support/calibration-file.ts'

const HELP = `Usage: npm run -s bench:dsp -- [--rounds N] [--json]

Measures signal processing in channel-seconds of 48 kHz sound per CPU-second, against libebur128, sox and plain TypeScript.
Rounds of all contenders alternate; figures are medians. Takes about two minutes; nothing else should run meanwhile.

  --rounds N   at least 5 (7)
  --json       one object a line: the machine, the contenders, the ratios

Ends with 0 when everything was measured, whatever the figures; 1 when something could not be; 2 on bad usage.`

interface Row {
  readonly name: string
  readonly of: string
  readonly to: string
  readonly floor: number
  readonly aim?: number
}

const ROWS: readonly Row[] = [
  {
    name: 'loudness chain, full true peak / libebur128 with true peak',
    of: 'loudness',
    to: 'ebur128',
    floor: 6,
    aim: 9,
  },
  { name: 'the same, both polled at 10 Hz', of: 'loudness-polled', to: 'ebur128-polled', floor: 10, aim: 15 },
  { name: 'everything at once / libebur128 with true peak', of: 'everything', to: 'ebur128', floor: 1, aim: 1.4 },
  { name: 'calibration filter, 4096 taps, 5.3 ms / sox fir', of: 'convolver', to: 'sox', floor: 1.8, aim: 2.5 },
  { name: 'class 1 bank / plain TypeScript at the full rate', of: 'bank', to: 'bank-plain', floor: 12, aim: 18 },
  {
    name: 'plain TypeScript loudness chain / libebur128 with true peak',
    of: 'loudness-plain',
    to: 'ebur128',
    floor: 1.8,
  },
  {
    name: 'loudness chain as it is used, true peak pruned / libebur128',
    of: 'loudness-pruned',
    to: 'ebur128',
    floor: 6,
  },
]

const WORKER = { name: 'mono nodes, everything on, in the real worker at half a core', floor: 150, aim: 250 }
const WORKER_NODES = 150
const WORKER_SECONDS = 3
/** Rounds that do not count: the compiler works beside the first ones. */
const WARM_UP = 3

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options
  const { rounds, json } = options
  const store = new DisposableStore()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void store.dispose().then(() => process.exit(130)))
  try {
    const machine = describeMachine()
    console.log(json ? JSON.stringify({ machine }) : `${machineLines(machine)}\n`)
    const all = contenders(store)
    const speeds = await race(all, rounds)
    const nodes: number[] = []
    for (let i = 0; i < rounds; i++) {
      const cost = await workerCost(
        WORKER_NODES,
        WORKER_SECONDS,
        calibrationFile('700-0001', () => 0.5),
      )
      nodes.push(0.5 / cost)
    }
    if (json) printJson(all, speeds, nodes)
    else print(all, speeds, nodes)
    return 0
  } catch (error) {
    console.error(`bench:dsp: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  } finally {
    await store.dispose()
  }
}

/** Channel-seconds per CPU-second of each contender, by round. */
async function race(all: readonly Contender[], rounds: number): Promise<Map<string, number[]>> {
  const speeds = new Map<string, number[]>(all.map(({ id }) => [id, []]))
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const contender of all) {
      const speed = contender.channelSeconds / (await contender.run())
      if (round >= 0) speeds.get(contender.id)!.push(speed)
    }
  }
  return speeds
}

function ratiosOf(speeds: Map<string, number[]>, { of, to }: Row): number[] {
  return speeds.get(of)!.map((speed, i) => speed / speeds.get(to)![i]!)
}

function print(all: readonly Contender[], speeds: Map<string, number[]>, nodes: readonly number[]): void {
  console.log('channel-seconds per CPU-second')
  for (const { id, title } of all) console.log(`  ${title.padEnd(76)} ${span(speeds.get(id)!, 0)}`)
  console.log('\nratios')
  for (const row of ROWS) console.log(line(row, ratiosOf(speeds, row), 2))
  console.log(line(WORKER, nodes, 0))
}

function line(
  { name, floor, aim }: Pick<Row, 'name' | 'floor' | 'aim'>,
  values: readonly number[],
  digits: number,
): string {
  const verdict = median(values) >= (aim ?? floor) ? 'ok' : median(values) >= floor ? 'above the floor' : 'BELOW'
  const wanted = aim === undefined ? `floor ${floor}` : `floor ${floor}, aim ${aim}`
  return `  ${name.padEnd(62)} ${span(values, digits)}  ${wanted}: ${verdict}`
}

function span(values: readonly number[], digits: number): string {
  const range = `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`
  return `${median(values).toFixed(digits).padStart(6)} (${range})`
}

function printJson(all: readonly Contender[], speeds: Map<string, number[]>, nodes: readonly number[]): void {
  for (const { id, title } of all) {
    const rounds = speeds.get(id)!
    console.log(JSON.stringify({ contender: id, title, channelSecondsPerCpuSecond: median(rounds), rounds }))
  }
  for (const row of ROWS) {
    const rounds = ratiosOf(speeds, row)
    console.log(JSON.stringify({ ...row, value: median(rounds), rounds }))
  }
  console.log(JSON.stringify({ ...WORKER, value: median(nodes), rounds: nodes }))
}

function readOptions(): { rounds: number; json: boolean } | number {
  try {
    const { values } = parseArgs({
      options: { rounds: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) {
      console.log(HELP)
      return 0
    }
    const rounds = Number(values.rounds ?? 7)
    if (Number.isInteger(rounds) && rounds >= 5) return { rounds, json: values.json ?? false }
    console.error(`bench:dsp: --rounds ${values.rounds} is not a whole number from 5 up. See --help.`)
  } catch (error) {
    console.error(`bench:dsp: ${error instanceof Error ? error.message.split('\n')[0] : String(error)} See --help.`)
  }
  return 2
}

process.exitCode = await main()
