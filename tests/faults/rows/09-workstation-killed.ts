import { join } from 'node:path'
import { jsonLines, runCli } from '../../support/cli.ts'
import { readCountFile } from '../../support/count-file.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

const DOWN_MS = 3000
const QUICK_DOWN_MS = 1000
const REPAIR_MS = 20_000

export const row: FaultRow = {
  number: 9,
  fault: 'kill -9 of the workstation mid-take, started again within the ring',
  expected: 'the same take goes on in the same file; 0 lost',
  quick: true,
  async run({ folder, closing, quick }) {
    const node = await startNodeProcess(['--source', 'tone:count', '--id', 'attic'])
    closing.defer(() => node.stop())
    const first = await openRemote({ folder })
    closing.defer(() => first.served.kill())
    const take = await first.record(await first.connect(node.url))
    await until(first.screen, () => first.take(take).seconds > 1.5)
    await first.served.kill()
    const killed = performance.now()
    await new Promise((resolve) => setTimeout(resolve, quick ? QUICK_DOWN_MS : DOWN_MS))

    const second = await openRemote({ folder })
    closing.defer(() => second.served.stop())
    const { screen } = second
    await until(screen, () => screen.state!.takes.length > 0, REPAIR_MS)
    const { id } = screen.state!.takes[0]!
    const view = (): ReturnType<typeof second.take> => second.take(id)
    await until(screen, () => view().seconds > 1.5 + since(killed) && view().missingFrames === 0, REPAIR_MS)
    const healed = since(killed)
    const live = view().state
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => view().state === 'finished', REPAIR_MS)
    const path = join(view().folder, view().files[0]!)
    const file = await readCountFile(path)
    const [verified] = jsonLines((await runCli(['verify', path, '--json'])).stdout)
    return verdict(
      `the take went on (${view().resumed} time) in ${view().files.length} file and was whole again ${healed.toFixed(1)} s after the kill; ` +
        `${(file.frames / file.format.rate).toFixed(2)} s, ${file.wrong.length} places wrong; "${view().verdict?.sentence}"`,
      {
        'the same take goes on': view().resumed === 1 && live === 'recording' && screen.state!.takes.length === 1,
        'in one file': view().files.length === 1,
        'every frame is there': file.wrong.length === 0 && view().missingFrames === 0,
        'its length is that of the time that passed': file.frames / file.format.rate > 1.5 + healed,
        'its certificate says so': view().verdict?.whole === true && verified?.['state'] === 'good',
      },
    )
  },
}
