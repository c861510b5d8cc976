import { join } from 'node:path'
import { openRemote } from '../../support/remote.ts'
import { readCountFile, tally } from '../../support/count-file.ts'
import { FakeArecord } from '../../support/fake-arecord.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

/** The device is put back after so long: the node has tried in vain by then. */
const OUT_MS = 2000

export const row: FaultRow = {
  number: 12,
  fault: 'USB microphone pulled and put back while it is recorded',
  expected: '"no input" within 1 s; sound again within 3 s; same identity; every frame of both streams right',
  quick: true,
  async run({ folder, closing }) {
    const device = await FakeArecord.install(folder)
    const node = await startNodeProcess(['--source', 'alsa:hw:1', '--name', 'attic'], { env: device.env })
    closing.defer(() => node.stop())
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(node.url)
    const { id } = remote.node(key)
    const take = await remote.record(key)
    await until(screen, () => remote.take(take).seconds > 1)

    const pulled = performance.now()
    await device.unplug()
    await until(screen, () => remote.node(key).presence === 'stalled')
    const noticed = since(pulled)
    const { fault } = remote.node(key)
    await new Promise((resolve) => setTimeout(resolve, OUT_MS))

    const put = performance.now()
    await device.plug()
    await until(screen, () => remote.node(key).presence === 'live')
    const resumed = since(put)
    const before = remote.take(take).frames
    await until(screen, () => remote.take(take).frames > before + 24_000)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished')
    const files = await Promise.all(
      remote.take(take).files.map((name) => readCountFile(join(remote.take(take).folder, name))),
    )
    const wrong = files.reduce((sum, file) => sum + tally(file).silent + tally(file).other, 0)
    return verdict(
      `"no input" after ${noticed.toFixed(2)} s ("${fault?.message}"); sound ${resumed.toFixed(2)} s after it was put back; ` +
        `${files.length} files, ${wrong} frames wrong`,
      {
        'noticed within 1.25 s (the state is told every 250 ms)': noticed < 1.25,
        'sound within 3 s': resumed < 3,
        'the reason is said': fault?.code === 'device-lost',
        'same identity': remote.node(key).id === id && screen.state!.nodes.length === 1,
        'a new stream is a new file': files.length === 2,
        'no frame wrong': wrong === 0,
      },
    )
  },
}
