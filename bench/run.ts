/** What the commands that measure have in common: names to choose from, one row a figure, Ctrl+C. */
import { parseArgs } from 'node:util'
import { DisposableStore } from '#shared/lifecycle.ts'
import { figureRow, type Bench } from './figure.ts'
import { describeMachine, machineLines } from './machine.ts'

export interface Suite {
  /** As npm knows it. */
  readonly command: string
  readonly about: string
  readonly benches: readonly Bench[]
}

function help({ command, about, benches }: Suite): string {
  return `Usage: npm run -s ${command} -- [NAME ...] [--json]

${about} Nothing else should run meanwhile.

  NAME ...          only these (--only NAME,... does the same):
${benches.map((bench) => `                      ${bench.name.padEnd(9)} ${bench.summary}`).join('\n')}
  --json            one object a line: first the machine, then one a figure

Ends with 0 when everything was measured, whatever the figures; 1 when something could not be; 2 on bad usage.`
}

/** Runs what the command line names, all of them by default. Resolves with the exit code. */
export async function runBenches(suite: Suite): Promise<number> {
  const options = readOptions(suite)
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

function readOptions({ command, about, benches: all }: Suite): { benches: readonly Bench[]; json: boolean } | number {
  let values
  let positionals
  try {
    ;({ values, positionals } = parseArgs({
      allowPositionals: true,
      options: { only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      strict: true,
    }))
  } catch (error) {
    console.error(`bench: ${firstLine(error)} See --help.`)
    return 2
  }
  if (values.help) {
    console.log(help({ command, about, benches: all }))
    return 0
  }
  const chosen = [...positionals, ...(values.only?.split(',') ?? [])]
  const names = chosen.length > 0 ? chosen : all.map((bench) => bench.name)
  const unknown = names.find((name) => !all.some((bench) => bench.name === name))
  if (unknown !== undefined) {
    console.error(`bench: there is no benchmark "${unknown}". There are ${all.map((b) => b.name).join(', ')}.`)
    return 2
  }
  return { benches: all.filter((bench) => names.includes(bench.name)), json: values.json ?? false }
}

function firstLine(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0]!
  return line.replace(/\.?$/, '.')
}
