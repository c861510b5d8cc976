/** `npm run bench:soak`: records several nodes for a long time while their links and the nodes themselves fail. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Closing } from '../tests/support/closing.ts'
import { seedHistory } from '../tests/support/history-seed.ts'
import { enterLab } from '../tests/support/lab/enter.ts'
import { openScene, pass, placeId, type Scene } from '../tests/support/lab/scene.ts'
import { collect, collectable, heldMb } from './collectable.ts'
import { figureRow, type Figure } from './figure.ts'
import { describeMachine, machineLines } from './machine.ts'
import { descriptors, memoryMb } from './process.ts'
import { SOAK_FAULTS } from './soak-faults.ts'
import { soakFigures, type Usage } from './soak-figures.ts'

const HELP = `Usage: npm run -s bench:soak -- [--minutes 30] [--nodes 4] [--every 120] [--json]

Records nodes over links of their own while a fault comes to one of them again and again, then holds every frame of
every file against its source. The workstation has a day of each node's history already, so that what fills up by and
by is full and does not look like growth. Needs root. One channel of 32 bits a node: 0.7 GB an hour each, in the temporary folder.

  --minutes M   for so long (30)
  --nodes N     so many (4)
  --every S     seconds from one fault to the next (120)
  --left-alone  collect no garbage: memory as the system sees it
  --json        one object a line: first the machine, then one a figure

Ends with 0 when no frame is lost or wrong, 1 when one is or it could not be measured, 2 on bad usage.`

/** Longer than a history is kept. */
const DAY_MS = 26 * 3_600_000
const YESTERDAY = { 'loudness.momentary': [-40], 'level.rms': [-40], 'sound-level.LAF': [-40] }
const SAMPLE_SECONDS = 15
/** A heap is collected, and its pages given back, within it. */
const COLLECT_SECONDS = 3

interface Options {
  readonly minutes: number
  readonly nodes: number
  readonly every: number
  readonly leftAlone: boolean
  readonly json: boolean
}

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'number') return options
  const outside = await enterLab(import.meta.url, 'soak')
  if (outside !== undefined) return outside
  const { json } = options
  const machine = describeMachine()
  console.log(json ? JSON.stringify({ machine }) : machineLines(machine))
  const closing = new Closing()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void closing.close().finally(() => process.exit(130)))
  const folder = await mkdtemp(join(tmpdir(), 'farfield-soak-'))
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  try {
    const { figures, whole } = await soak(options, folder, closing)
    for (const figure of figures) console.log(json ? JSON.stringify(figure) : figureRow(figure))
    return whole ? 0 : 1
  } catch (error) {
    console.error(`soak: it could not be measured: ${(error as Error).message.split('\n')[0]}`)
    return 1
  } finally {
    await closing.close()
  }
}

async function soak(
  { minutes, nodes, every, leftAlone, json }: Options,
  folder: string,
  closing: Closing,
): Promise<{ figures: readonly Figure[]; whole: boolean }> {
  const nodeArgs = ['--channels', '1', '--ring', '60s']
  await seedDay(folder, nodes)
  const held = join(folder, 'held')
  await mkdir(held)
  if (!leftAlone) Object.assign(process.env, collectable(held))
  const scene = await openScene({ folder, closing, places: nodes, nodeArgs })
  await scene.record()
  const begun = performance.now()
  const hours = (): number => (performance.now() - begun) / 3_600_000
  const usages: Usage[] = []
  // V8 lets garbage lie for as long as there is room: growth shows right after a collection.
  const sampling = setInterval(() => {
    if (!leftAlone) read(scene, collect)
    sampled = setTimeout(() => usages.push({ hours: hours(), ...usageOf(scene, held) }), COLLECT_SECONDS * 1000)
  }, SAMPLE_SECONDS * 1000)
  let sampled: NodeJS.Timeout | undefined
  const rest = (): void => {
    clearInterval(sampling)
    clearTimeout(sampled)
  }
  closing.defer(rest)
  const end = minutes / 60
  let faults = 0
  // The last part is left in peace, so that what can be repaired is.
  while (hours() + (every + 30) / 3600 < end) {
    const fault = SOAK_FAULTS[faults % SOAK_FAULTS.length]!
    const place = scene.places[faults % nodes]!
    const next = pass(every)
    if (!json) console.log(`  ${(hours() * 60).toFixed(1).padStart(6)} min  node ${faults % nodes}: ${fault.name}`)
    await fault.run(place)
    faults++
    await next
  }
  await pass(Math.max(0, (end - hours()) * 3600))
  rest()
  const files = await scene.finish(120_000)
  files.forEach((file, i) => file.gaps.forEach((gap) => console.error(`soak: node ${i}: ${gap}`)))
  return soakFigures({ minutes, nodes, every, leftAlone, faults, usages, files })
}

/** What a workstation that was there yesterday knows of its nodes. */
async function seedDay(data: string, nodes: number): Promise<void> {
  const to = Math.floor(Date.now() / 1000) * 1000
  for (let i = 0; i < nodes; i++)
    await seedHistory({ data, node: placeId(i), from: to - DAY_MS, to, channels: 1, figures: () => YESTERDAY })
}

function usageOf(scene: Scene, held: string): Omit<Usage, 'hours'> {
  const each = (of: (pid: number) => number): number[] => read(scene, of).map((n) => n ?? NaN)
  return {
    descriptors: each(descriptors),
    residentMb: each((pid) => memoryMb(pid).rss),
    heldMb: each((pid) => heldMb(held, pid)),
  }
}

/** Of the workstation, then of each node. A node that is being started again has none for a moment. */
function read<T>(scene: Scene, of: (pid: number) => T): (T | undefined)[] {
  const pids = [scene.remote.served.pid, ...scene.places.map((place) => place.node.child.pid!)]
  return pids.map((pid) => {
    try {
      return of(pid)
    } catch {
      return undefined
    }
  })
}

function readOptions(): Options | number {
  let values
  try {
    ;({ values } = parseArgs({
      options: {
        minutes: { type: 'string' },
        nodes: { type: 'string' },
        every: { type: 'string' },
        'left-alone': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      strict: true,
    }))
  } catch (error) {
    console.error(`soak: ${(error as Error).message.split(/\. |\n/)[0]}. See --help.`)
    return 2
  }
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const { minutes = '30', nodes = '4', every = '120', 'left-alone': leftAlone = false, json = false } = values
  const options = { minutes: Number(minutes), nodes: Number(nodes), every: Number(every), leftAlone, json }
  if (
    !(options.minutes > 0) ||
    !(options.every >= 30) ||
    !Number.isInteger(options.nodes) ||
    options.nodes < 1 ||
    options.nodes > 16
  ) {
    console.error('soak: --minutes must be more than 0, --nodes 1 to 16, --every at least 30.')
    return 2
  }
  return options
}

process.exit(await main())
