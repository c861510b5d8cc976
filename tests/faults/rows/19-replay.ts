import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { Closing } from '../../support/closing.ts'
import { readCountFile } from '../../support/count-file.ts'
import { startLossProxy } from '../../support/loss-proxy.ts'
import { freePortPair, startNodeProcess } from '../../support/node-process.ts'
import { openRemote } from '../../support/remote.ts'
import { until } from '../../support/station.ts'
import type { FaultRow } from '../row.ts'
import { verdict } from '../verdict.ts'

/** Blocks of 10 ms kept for the replay: the whole of the first second. */
const KEPT = 100
const OLD = 200
const REPEATED = 100

export const row: FaultRow = {
  number: 19,
  fault: 'packets of an ended stream replayed into the next one, and packets of the present one replayed',
  expected: 'every one dropped and counted; the file equals the source',
  quick: true,
  async run({ folder, closing }) {
    const port = await freePortPair()
    const between = await freePortPair()
    const source = ['--source', 'tone:count', '--id', 'attic', '--name', 'attic']
    const first = await startNodeProcess(source, { port })
    closing.defer(() => first.stop())
    const kept: Buffer[][] = []
    const sent = { old: 0, repeated: 0 }
    let replaying = false
    let previous: Buffer[] | undefined
    let newest = 0n
    let streams = 1
    const proxy = await startLossProxy(port, between, (sequence, packet) => {
      if (sequence < newest) streams++
      newest = sequence
      const out = [packet]
      if (!replaying && kept.length < KEPT) kept.push(packet)
      if (replaying && sent.old < OLD) {
        out.push(kept[sent.old % KEPT]!, kept[(sent.old + 1) % KEPT]!)
        sent.old += 2
      }
      if (replaying && previous && sent.repeated < REPEATED) {
        out.push(previous)
        sent.repeated++
      }
      if (replaying) previous = packet
      return out
    })
    closing.defer(() => proxy.close())
    await relay(between + 1, port + 1, closing)

    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const key = await remote.connect(`tcp://127.0.0.1:${between}`)
    await until(screen, () => kept.length === KEPT)
    await first.stop()
    const second = await startNodeProcess(source, { port })
    closing.defer(() => second.stop())
    await until(screen, () => streams === 2 && remote.node(key).presence === 'live')
    const take = await remote.record(key)
    replaying = true
    await until(screen, () => sent.repeated === REPEATED && sent.old === OLD)
    const { seconds } = remote.take(take)
    await until(screen, () => remote.take(take).seconds > seconds + 0.5)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished')
    const view = remote.take(take)
    const file = await readCountFile(join(view.folder, view.files[0]!))
    const { link } = remote.node(key)
    return verdict(
      `${link.stale} of ${sent.old} old and ${link.duplicates} of ${sent.repeated} repeated packets dropped and counted; ` +
        `${view.files.length} file, ${file.wrong.length} places wrong, ${view.missingFrames} frames missing`,
      {
        'each old one counted': link.stale === sent.old,
        'each repeated one counted': link.duplicates === sent.repeated,
        'the file equals the source': view.files.length === 1 && file.wrong.length === 0,
      },
    )
  },
}

/** Carries connections on as they are. */
async function relay(from: number, to: number, closing: Closing): Promise<void> {
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
    closing.defer(() => socket.destroy())
  })
  server.listen(from, '127.0.0.1')
  await once(server, 'listening')
  closing.defer(() => server.close())
}
