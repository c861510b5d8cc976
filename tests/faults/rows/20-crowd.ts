import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { descriptors, memoryMb } from '../../../bench/process.ts'
import { readCountFile } from '../../support/count-file.ts'
import { openCrowd } from '../../support/lab/crowd.ts'
import { openComputer } from '../../support/lab/lab.ts'
import { BITRATE, pass, RATE } from '../../support/lab/scene.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const CROWD = 1000
const SLOW = 0.1
/** ZeroMQ keeps two queues and two buffers for each connection. */
const CROWD_MB = 150
/** What waits for the slow one is 1 s of sound; the rest is the ring filling up. */
const SLOW_MB = 40
const LISTEN =
  'import sys,zmq; s=zmq.Context().socket(zmq.SUB); s.subscribe(b""); s.connect(sys.argv[1])\nwhile True: s.recv()'

export const row: FaultRow = {
  number: 20,
  fault: `${CROWD} connections, and a subscriber on a link of 10 % of the bitrate`,
  expected: 'the take beside them loses 0; the memory of the node bounded; what they took is given back',
  limitSeconds: 180,
  async run({ folder, closing }) {
    const far = await openComputer()
    closing.defer(() => far.close())
    // It is asked from here and from the other computer; a small ring, so that memory shows what the crowd costs.
    const node = await startNodeProcess(['--source', 'tone:count', '--bind', '0.0.0.0', '--ring', '5s'])
    closing.defer(() => node.stop())
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(node.url)
    const take = await remote.record(key)
    await pass(8)
    const memory = (): number => memoryMb(node.child.pid!).rss
    const files = descriptors(node.child.pid!)
    const alone = memory()

    await far.link.set({ rate: BITRATE * SLOW })
    const slow = spawn('ip', [
      'netns',
      'exec',
      far.name,
      '/usr/bin/python3',
      '-c',
      LISTEN,
      `tcp://${far.here}:${node.port}`,
    ])
    closing.defer(() => slow.kill('SIGKILL'))
    await pass(15)
    const withSlow = memory()
    await pass(15)
    const withSlowLater = memory()
    const carried = (await far.link.counters())[0].bytes

    const crowd = await openCrowd(node.url, CROWD)
    closing.defer(() => crowd.close())
    await pass(10)
    const stayed = crowd.there
    const withCrowd = memory()
    await crowd.close()
    slow.kill('SIGKILL')
    await pass(8)
    const filesAfter = descriptors(node.child.pid!)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished')
    const view = remote.take(take)
    const file = await readCountFile(join(view.folder, view.files[0]!))
    const { repairedFrames } = remote.node(key).link
    return verdict(
      `${(file.frames / RATE).toFixed(1)} s, ${file.wrong.length} places wrong, ${repairedFrames} frames repaired; node ${alone.toFixed(0)} MB alone, ` +
        `${withSlow.toFixed(0)} and later ${withSlowLater.toFixed(0)} MB with the slow one, ${withCrowd.toFixed(0)} MB with ${stayed} more; ` +
        `${files} descriptors before, ${filesAfter} after`,
      {
        'the slow one was served at its pace': carried > 500_000,
        'all of the crowd stayed': stayed === CROWD,
        'no frame lost or wrong': file.wrong.length === 0 && view.files.length === 1,
        'nobody else had to ask again': repairedFrames === 0,
        'memory with the slow one is bounded':
          withSlowLater - alone < SLOW_MB && withSlowLater - withSlow < SLOW_MB / 2,
        'memory with the crowd is bounded': withCrowd - withSlowLater < CROWD_MB,
        'descriptors are given back': filesAfter <= files + 2,
      },
    )
  },
}
