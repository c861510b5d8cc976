import { join } from 'node:path'
import { readCertificate } from '../../support/certificate.ts'
import { readCountFile } from '../../support/count-file.ts'
import { freePortPair, startNodeProcess } from '../../support/node-process.ts'
import { NodeSubscriber } from '../../support/node-subscriber.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

const RATE = 48_000
const DOWN_MS = 3000
const QUICK_DOWN_MS = 1000
/** Blocks of 10 ms, the last of which nobody got; the take's clock is good for this much on a busy computer. */
const TOLERANCE_S = 0.15

export const row: FaultRow = {
  number: 8,
  fault: 'kill -9 of the node mid-take',
  expected: 'sound within 3 s of its restart; a new stream in a new file; the gap is its downtime',
  quick: true,
  async run({ folder, closing, quick }) {
    const port = await freePortPair()
    const source = ['--source', 'tone:count', '--id', 'attic', '--name', 'attic']
    const first = await startNodeProcess(source, { port })
    closing.defer(() => first.stop('SIGKILL'))
    const heard = new NodeSubscriber(first.url)
    closing.defer(() => heard.close())
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(first.url)
    const take = await remote.record(key)
    await until(screen, () => remote.take(take).seconds > 1)
    await first.stop('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, quick ? QUICK_DOWN_MS : DOWN_MS))
    const second = await startNodeProcess(source, { port })
    closing.defer(() => second.stop())
    const restarted = performance.now()
    const [old] = heard.blocks
    await heard.until((seen) => seen.blocks.at(-1)!.header.stream !== old!.header.stream)
    await until(screen, () => remote.take(take).files.length === 2)
    const back = since(restarted)
    const { seconds } = remote.take(take)
    await until(screen, () => remote.take(take).seconds > seconds + 0.7)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished', 20_000)
    const view = remote.take(take)
    const paths = view.files.map((name) => join(view.folder, name))
    const files = await Promise.all(paths.map((path) => readCountFile(path)))
    const origins = await Promise.all(paths.map((path) => originMs(path)))

    // What the node itself stamped: the end of the last block of the one, the beginning of the first of the other.
    const streams = [...new Set(heard.blocks.map(({ header }) => header.stream))]
    const lastOld = heard.blocks.findLast(({ header }) => header.stream === streams[0])!.header
    const firstNew = heard.blocks.find(({ header }) => header.stream === streams[1])!.header
    const firstNewNs = Number(firstNew.utcNs) - (Number(firstNew.firstFrame) / RATE) * 1e9
    const down = (firstNewNs - Number(lastOld.utcNs)) / 1e9 - lastOld.frames / RATE
    const gap = (origins[1]! - origins[0]!) / 1000 - files[0]!.frames / RATE
    return verdict(
      `sound ${back.toFixed(2)} s after the restart; ${view.files.length} files, ${files.flatMap((file) => file.wrong).length} places wrong; ` +
        `by their times ${gap.toFixed(3)} s between them, the node was away ${down.toFixed(3)} s`,
      {
        'sound within 3 s': back < 3,
        'a new stream and a new file': streams.length === 2 && view.files.length === 2,
        'from its very first frame': files[1]!.first === 0,
        'no frame wrong': files.every((file) => file.frames > 0 && file.wrong.length === 0),
        'the gap is the downtime': Math.abs(gap - down) < TOLERANCE_S,
      },
    )
  },
}

/** The moment of the first frame as the certificate has it, ms since 1970. */
async function originMs(path: string): Promise<number> {
  return Date.parse((await readCertificate(path)).origin.utc)
}
