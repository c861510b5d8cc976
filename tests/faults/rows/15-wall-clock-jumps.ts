import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCountFile } from '../../support/count-file.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { NodeSubscriber } from '../../support/node-subscriber.ts'
import { preload } from '../../support/preload.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const HOUR = 3600
const RATE = 48_000
/** Hours that each side's clock is off, one step after the other: node and workstation, together and apart. */
const STEPS = [
  { node: 1, station: 0 },
  { node: 1, station: -1 },
  { node: -1, station: -1 },
  { node: 0, station: 1 },
  { node: 0, station: 0 },
]

export const row: FaultRow = {
  number: 15,
  fault: 'the wall clocks of node and workstation jump ± 1 h mid-take',
  expected: 'one file, no frame missing or moved; its length is that of the time that passed',
  quick: true,
  async run({ folder, closing }) {
    const clocks = { node: join(folder, 'node-clock'), station: join(folder, 'station-clock') }
    const set = async (step: (typeof STEPS)[number]): Promise<void> => {
      await writeFile(clocks.node, `${step.node * HOUR}\n`)
      await writeFile(clocks.station, `${step.station * HOUR}\n`)
    }
    // The take begins in an hour that is not ours, which shows that its clock is moved.
    await set({ node: 0, station: 1 })
    const env = (file: string): Record<string, string> => preload('clock', folder, { FARFIELD_CLOCK_FILE: file })
    const node = await startNodeProcess(['--source', 'tone:count'], { env: env(clocks.node) })
    closing.defer(() => node.stop())
    const remote = await openRemote({ folder, env: env(clocks.station) })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(node.url)
    const take = await remote.record(key)
    const stationHours = Math.round((remote.take(take).startedAt - Date.now()) / 1000 / HOUR)
    const heard = new NodeSubscriber(node.url)
    closing.defer(() => heard.close())
    const hours = new Set<number>()
    const from = { at: performance.now(), seconds: remote.take(take).seconds }
    for (const step of STEPS) {
      await set(step)
      const { seconds } = remote.take(take)
      await until(screen, () => remote.take(take).seconds > seconds + 0.8)
      const utcMs = Number(heard.blocks.at(-1)!.header.utcNs / 1_000_000n)
      hours.add(Math.round((utcMs - Date.now()) / 1000 / HOUR))
    }
    const [passed, grown] = [(performance.now() - from.at) / 1000, remote.take(take).seconds - from.seconds]
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished')
    const view = remote.take(take)
    const file = await readCountFile(join(view.folder, view.files[0]!))
    const { link } = remote.node(key)
    return verdict(
      `${STEPS.length} jumps: ${view.files.length} file of ${(file.frames / RATE).toFixed(2)} s, ${file.wrong.length} places wrong, ` +
        `${link.missingFrames} frames missing, ${link.late + link.stale + link.duplicates} blocks out of order; ` +
        `it grew by ${grown.toFixed(2)} s in ${passed.toFixed(2)} s`,
      {
        'the clocks did jump': stationHours === 1 && hours.size === 3,
        'one file': view.files.length === 1 && screen.state!.takes.length === 1,
        'no frame wrong': file.wrong.length === 0 && link.missingFrames === 0 && view.gaps === 0,
        'nothing out of order or refused': link.late + link.stale + link.duplicates + link.refused === 0,
        'lengths are those of the time that passed': Math.abs(grown - passed) < 0.4,
        'never lost': !node.stderr.includes('lost') && remote.node(key).presence === 'live',
      },
    )
  },
}
