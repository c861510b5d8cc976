import { join } from 'node:path'
import { readCountFile, tally } from '../../support/count-file.ts'
import { FakeArecord } from '../../support/fake-arecord.ts'
import { startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

const RATE = 48_000
/** Of the device. */
const PERIOD = 480
const OVERRUNS_MS = [40, 400, 712.5]

export const row: FaultRow = {
  number: 14,
  fault: 'capture overruns of 40, 400 and 712.5 ms',
  expected: 'each is marked with its length ± 1 period; the sound behind it is in its place',
  quick: true,
  async run({ folder, closing }) {
    const device = await FakeArecord.install(folder)
    const node = await startNodeProcess(['--source', 'alsa:hw:1'], { env: device.env })
    closing.defer(() => node.stop())
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(node.url)
    const take = await remote.record(key)
    for (const [i, ms] of OVERRUNS_MS.entries()) {
      await device.overrun(ms)
      await until(screen, () => remote.node(key).capture!.overruns === i + 1)
    }
    const before = remote.take(take).frames
    await until(screen, () => remote.take(take).frames > before + RATE / 2)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished')
    const view = remote.take(take)
    const file = await readCountFile(join(view.folder, view.files[0]!))
    const gaps = file.wrong.filter((run) => run.kind === 'silence')
    const lengths = gaps.map((run) => run.frames)
    // The report and the sound come by two pipes: while the computer is busy, sound behind the gap can be read before the
    // report and stands that much too early, up to the gap, never behind it.
    const early = tally(file).other
    const settled = file.wrong.every((run) => run.at + run.frames < file.frames - RATE / 4)
    return verdict(
      `gaps of ${lengths.map((frames) => `${(frames / 48).toFixed(1)} ms`).join(', ')}; ` +
        `${view.missingFrames} frames told as missing; ${early} frames before a gap that belong behind it`,
      {
        'every overrun is a gap': gaps.length === OVERRUNS_MS.length,
        'of its length ± 1 period': OVERRUNS_MS.every((ms, i) => Math.abs((lengths[i] ?? 0) - 48 * ms) <= PERIOD),
        'told to the frame': view.missingFrames === OVERRUNS_MS.reduce((sum, ms) => sum + Math.round(48 * ms), 0),
        'behind the gaps every frame is in its place': settled,
        'less than a second stands before its gap': early < RATE,
      },
    )
  },
}
