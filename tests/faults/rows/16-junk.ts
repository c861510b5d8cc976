import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Closing } from '../../support/closing.ts'
import { readCountFile } from '../../support/count-file.ts'
import { malformedBroadcasts, malformedRequests } from '../../support/malformed.ts'
import { freePortPair, startNodeProcess, type NodeProcess } from '../../support/node-process.ts'
import { NodeSubscriber } from '../../support/node-subscriber.ts'
import { openRemote, type Remote } from '../../support/remote.ts'
import { random } from '../../support/signals.ts'
import { until } from '../../support/station.ts'
import { listenZmtp, message, promise, ZmtpPeer } from '../../support/zmtp.ts'
import type { FaultRow } from '../row.ts'
import { since, verdict } from '../verdict.ts'

/** Malformed packets to the workstation, and as many to the node. */
const PACKETS = 500_000
const QUICK_PACKETS = 20_000
/** Of different ones that are said over and over. */
const VARIETY = 1000
/** For a whole flood to be taken in, on a slow machine. */
const FLOOD_MS = 300_000
/** A peer that greets properly does so in milliseconds. */
const PATIENCE_MS = 5000
const STACK = /^\s+at .+:\d+/m

export const row: FaultRow = {
  number: 16,
  fault: '1,000,000 malformed packets; random bytes; HTTP; a frame declared 2^55 bytes long',
  expected: '0 throws; each counted; such connections closed; the node goes on and a take beside it is whole',
  quick: true,
  limitSeconds: 300,
  async run({ folder, closing, quick }) {
    const packets = quick ? QUICK_PACKETS : PACKETS
    const node = await startNodeProcess(['--source', 'tone:count'])
    closing.defer(() => node.stop())
    const remote = await openRemote({ folder })
    closing.defer(() => remote.served.stop())
    const { screen } = remote
    const good = await remote.connect(node.url)
    const take = await remote.record(good)

    const began = performance.now()
    const refused = await floodWorkstation(remote, packets, closing)
    const station = since(began)
    const refusedByNode = await floodNode(node, packets, closing)
    const flooded = since(began)
    const rude = await rudeConnections(node.port)

    const { frames } = remote.take(take)
    await until(screen, () => remote.take(take).frames > frames + 48_000)
    await screen.call('record.stop', { takes: [] })
    await until(screen, () => remote.take(take).state === 'finished')
    const view = remote.take(take)
    const file = await readCountFile(join(view.folder, view.files[0]!))
    return verdict(
      `${refused} of ${packets} counted by the workstation in ${station.toFixed(0)} s, ${refusedByNode} of ${packets} by the node in ` +
        `${(flooded - station).toFixed(0)} s; hung up on ${rude.map((r) => `${r.name}: ${r.seconds?.toFixed(1) ?? 'never'}`).join(', ')} s; the take of ${view.seconds.toFixed(1)} s has ${file.wrong.length} places wrong`,
      {
        'each counted': refused === packets && refusedByNode === packets,
        'no stack': !STACK.test(node.stderr),
        'such connections closed': rude.every((r) => r.seconds !== undefined),
        'the take is whole': file.wrong.length === 0 && view.files.length === 1,
        'the node goes on': remote.node(good).presence === 'live',
      },
    )
  },
}

/** A stranger where a node should be says `packets` broadcasts; resolves with what the workstation counts as refused. */
async function floodWorkstation(remote: Remote, packets: number, closing: Closing): Promise<number> {
  const port = await freePortPair()
  const peers: ZmtpPeer[] = []
  const greeted = Promise.withResolvers<ZmtpPeer>()
  const server = await listenZmtp(port, 'PUB', (peer) => {
    peers.push(peer)
    greeted.resolve(peer)
  })
  closing.defer(() => {
    for (const peer of peers) peer.socket.destroy()
    server.close()
  })
  const added = await remote.screen.call('node.add', { address: `127.0.0.1:${port}` })
  if (!added.ok) throw new Error(added.fault.message)
  const { key } = added.value
  await repeat(await greeted.promise, malformedBroadcasts(VARIETY, 16), packets)
  await until(remote.screen, () => remote.node(key).link.refused >= packets, FLOOD_MS)
  return remote.node(key).link.refused
}

/** Resolves with how many of the requests the node counts as refused. */
async function floodNode(node: NodeProcess, packets: number, closing: Closing): Promise<number> {
  const peer = await ZmtpPeer.connect(node.port + 1, 'DEALER')
  closing.defer(() => peer.socket.destroy())
  const heard = new NodeSubscriber(node.url)
  closing.defer(() => heard.close())
  const refused = (): number => heard.metas.at(-1)?.counters.requestsRefused ?? 0
  await repeat(peer, malformedRequests(VARIETY, 17), packets)
  await heard.until(() => refused() >= packets, FLOOD_MS)
  return refused()
}

async function repeat(peer: ZmtpPeer, parts: readonly (string | Uint8Array)[][], packets: number): Promise<void> {
  const all = Buffer.concat(parts.map((p) => message(p)))
  for (let left = packets; left > 0; left -= parts.length)
    await peer.write(left >= parts.length ? all : Buffer.concat(parts.slice(0, left).map((p) => message(p))))
}

interface Rude {
  readonly name: string
  /** Seconds until the node hung up; undefined where it had not within `PATIENCE_MS`. */
  readonly seconds: number | undefined
}

/** What says things to a node that no node's peer says: on both of its ports at once. */
async function rudeConnections(port: number): Promise<readonly Rude[]> {
  const next = random(99)
  const noise = Buffer.from(Uint8Array.from({ length: 4000 }, () => Math.floor(next() * 256)))
  noise[0] = 0x41
  const http = Buffer.from('GET / HTTP/1.1\r\nHost: farfield\r\n\r\n')
  const raw = async (name: string, to: number, bytes: Buffer): Promise<Rude> => {
    const socket = connect(to, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    await once(socket, 'connect')
    const began = performance.now()
    socket.write(bytes)
    return { name, seconds: await hungUp(socket, began) }
  }
  const huge = async (name: string, to: number, type: 'SUB' | 'DEALER'): Promise<Rude> => {
    const peer = await ZmtpPeer.connect(to, type)
    const began = performance.now()
    await peer.write(promise(2n ** 55n))
    return { name, seconds: await hungUp(peer.socket, began) }
  }
  return Promise.all([
    raw('random bytes to sound', port, noise),
    raw('random bytes to control', port + 1, noise),
    raw('HTTP to sound', port, http),
    raw('HTTP to control', port + 1, http),
    huge('2^55 to sound', port, 'SUB'),
    huge('2^55 to control', port + 1, 'DEALER'),
  ])
}

function hungUp(socket: Socket, began: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => {
      socket.destroy()
      resolve(undefined)
    }, PATIENCE_MS)
    socket.once('close', () => {
      clearTimeout(patience)
      resolve(since(began))
    })
  })
}
