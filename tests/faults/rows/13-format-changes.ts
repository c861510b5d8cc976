import { basename, join } from 'node:path'
import { describeFormat } from '#shared/pcm.ts'
import { readCountFile } from '../../support/count-file.ts'
import { freePortPair, startNodeProcess, type NodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

/** One after the other on the same node, in the middle of a take. */
const FORMATS = [
  { rate: 48_000, channels: 2, format: 's32' },
  { rate: 44_100, channels: 2, format: 's32' },
  { rate: 44_100, channels: 1, format: 's24' },
] as const

export const row: FaultRow = {
  number: 13,
  fault: 'sample rate, then sample format and channels change mid-take',
  expected: 'a new stream and a new file each time; no file holds two; every frame right',
  quick: true,
  async run({ folder, closing }) {
    const port = await freePortPair()
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    let node: NodeProcess | undefined
    closing.defer(() => node?.stop())
    let key = 0
    for (const [i, { rate, channels, format }] of FORMATS.entries()) {
      await node?.stop()
      const shape = ['--rate', `${rate}`, '--channels', `${channels}`, '--format', format]
      node = await startNodeProcess(['--source', 'tone:count', '--id', 'attic', '--name', 'attic', ...shape], { port })
      if (i === 0) {
        key = await remote.connect(node.url)
        await remote.record(key)
      }
      await until(screen, () => remote.node(key).presence === 'live' && remote.node(key).format?.format === format)
      await until(screen, () => remote.node(key).format?.rate === rate)
      const sum = (): number => screen.state!.takes.reduce((total, take) => total + take.seconds, 0)
      const before = sum()
      await until(screen, () => sum() > before + 0.7)
    }
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => screen.state!.takes.every((take) => take.state === 'finished'))
    const paths = screen.state!.takes.flatMap((take) => take.files.map((name) => join(take.folder, name)))
    const files = await Promise.all(paths.toSorted().map((path) => readCountFile(path)))
    const shapes = files.map((file) => describeFormat(file.format))
    return verdict(
      `${files.length} files (${shapes.join(' | ')}), ${files.flatMap((file) => file.wrong).length} places wrong`,
      {
        'a file for each format': FORMATS.every((f) => shapes.filter((s) => s === describeFormat(f)).length === 1),
        [`no other file (${paths.map((path) => basename(path)).join(', ')})`]: files.length === FORMATS.length,
        'no frame wrong': files.every((file) => file.frames > 0 && file.wrong.length === 0),
      },
    )
  },
}
