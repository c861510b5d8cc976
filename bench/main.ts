/** `npm run bench`: measures the whole path on this machine and prints one row a figure. */
import { parseArgs } from 'node:util'
import { DisposableStore } from '#shared/lifecycle.ts'
import { figureRow, type Bench } from './figure.ts'
import { frames } from './frames.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { describeMachine, machineLines } from './machine.ts'
import { node } from './node.ts'

const BENCHES: readonly Bench[] = [latency, frames, node, ingest]

const HELP = `Usage: npm run -s bench -- [--only NAME,...] [--json]

Measures Farfield on this computer; takes about five minutes. Nothing else should run meanwhile.

  --only NAME,...   only these:
${BENCHES.map((bench) => `                      ${bench.name.padEnd(9)} ${bench.summary}`).join('\n')}
  --json            one object a line: first the machine, then one a figure

Ends with 0 when everything was measured, whatever the figures; 1 when something could not be; 2 on bad usage.`

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options
  const { benches, json } = options
  const store = new DisposableStore()
  let interrupted = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (interrupted) return
      interrupted = true
      void store.dispose().then(() => process.exit(130))
    })

  const machine = describeMachine()
  console.log(json ? JSON.stringify({ machine }) : machineLines(machine))
  for (const bench of benches) {
    const own = new DisposableStore()
    store.add(own)
    if (!json) console.log(`\n${bench.name}: ${bench.summary}`)
    try {
      await bench.run(own, (figure) =>
        console.log(json ? JSON.stringify({ bench: bench.name, ...figure }) : figureRow(figure)),
      )
    } catch (error) {
      // What is measured ends under its benchmark's feet when it is interrupted.
      if (interrupted) await new Promise<never>(() => undefined)
      console.error(`bench: ${bench.name} could not be measured: ${firstLine(error)}`)
      await own.dispose()
      return 1
    }
    await own.dispose()
  }
  return 0
}

function readOptions(): { benches: readonly Bench[]; json: boolean } | number {
  let values
  try {
    ;({ values } = parseArgs({
      options: { only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      strict: true,
    }))
  } catch (error) {
    console.error(`bench: ${firstLine(error)} See --help.`)
    return 2
  }
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const names = values.only?.split(',') ?? BENCHES.map((bench) => bench.name)
  const unknown = names.find((name) => !BENCHES.some((bench) => bench.name === name))
  if (unknown !== undefined) {
    console.error(`bench: there is no benchmark "${unknown}". There are ${BENCHES.map((b) => b.name).join(', ')}.`)
    return 2
  }
  return { benches: BENCHES.filter((bench) => names.includes(bench.name)), json: values.json ?? false }
}

function firstLine(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0]!
  return line.replace(/\.?$/, '.')
}

process.exitCode = await main()
