/** Something else than a node of ours listens at the address. */
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { Publisher } from 'zeromq'
import { expectSentence, runCli } from '../support/cli.ts'
import { headerBytes, headerOfVersion } from '../support/header.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { freePorts, openStation, until } from '../support/station.ts'
import { message } from '../support/zmtp.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function listening(server: Server): Promise<string> {
  const port = await freePorts()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  return `127.0.0.1:${port}`
}

/** A ZeroMQ publisher that repeats these messages 20 times a second. */
async function publishing(...messages: readonly (readonly (string | Uint8Array)[])[]): Promise<string> {
  const port = await freePorts()
  const socket = new Publisher({ linger: 0 })
  await socket.bind(`tcp://127.0.0.1:${port}`)
  const sendAll = async (): Promise<void> => {
    for (const message of messages) await socket.send([...message])
  }
  const timer = setInterval(() => void sendAll().catch(() => undefined), 50)
  closing.push(() => {
    clearInterval(timer)
    socket.close()
  })
  return `127.0.0.1:${port}`
}

const NOT_A_NODE =
  /Something answers at 127\.0\.0\.1:\d+, but it is not a Farfield node\. Check the address and the port/

describe('is told from a node within seconds', () => {
  const strangers: Record<string, () => Promise<string>> = {
    'a web server': () => listening(createHttpServer((_, answer) => answer.end('hello'))),
    'a server that says nothing': () => listening(createServer(() => undefined)),
    'a server that hangs up': () => listening(createServer((socket) => socket.destroy())),
    'a publisher of other things': () => publishing(['weather/attic/', 'rain']),
    'a publisher of junk under our topics': () =>
      publishing(
        ['pcm/attic/', new Uint8Array(64).fill(120), new Uint8Array(960)],
        ['pcm/attic/', headerBytes(), new Uint8Array(7)],
        ['pcm/attic/', headerBytes(), new Uint8Array(960).fill(1)],
        ['pcm/', 'x'],
        ['meta/attic/', '{"protocol":'],
        ['meta/attic/'],
        ['pcm/attic/', 'a', 'b', 'c', 'd'],
      ),
  }
  test.each(Object.keys(strangers))('%s', async (name) => {
    const address = await strangers[name]!()
    const ended = await runCli(['meter', address])
    expectSentence(ended, 1, NOT_A_NODE)
    expect(ended.seconds).toBeLessThan(7)
  })
})

test('a node of another wire version: one sentence that names both', async () => {
  const meta = JSON.stringify({ protocol: 2, id: 'attic', name: 'attic' })
  const address = await publishing(['pcm/attic/', headerOfVersion(2), new Uint8Array(960)], ['meta/attic/', meta])
  const ended = await runCli(['record', address, '--out', '/tmp'])
  expectSentence(
    ended,
    1,
    /The node speaks wire version 2 and this workstation version 1\. Update the older of the two\./,
  )
  expect(ended.seconds).toBeLessThan(4)
})

test('a node of another wire version stays one fault on the screen, on one connection', async () => {
  let connections = 0
  const address = await publishing(['pcm/attic/', headerOfVersion(2), new Uint8Array(960)])
  const port = Number(address.split(':')[1])
  // A relay in between counts who connects.
  const relay = createServer((socket) => {
    connections++
    const onward = connectTo(port, '127.0.0.1')
    socket.pipe(onward).pipe(socket)
    socket.on('error', () => onward.destroy())
    onward.on('error', () => socket.destroy())
    closing.push(() => socket.destroy())
  })
  const t = await openStation()
  closing.push(() => t.close())
  const added = await t.screen.call('node.add', { address: await listening(relay) })
  if (!added.ok) throw new Error(added.fault.message)
  const { key } = added.value
  await until(t.screen, () => t.node(key).link.refused > 40)
  expect(t.node(key)).toMatchObject({ presence: 'connecting', fault: { code: 'version-mismatch' } })
  expect(t.screen.state!.notices).toEqual([])
  expect(connections).toBe(1)
})

test('what breaks the handshake is told, and a node that takes its place is heard', async () => {
  const node = await startNodeProcess(['--source', 'tone:sine'])
  closing.push(() => node.stop())
  const sockets = new Set<Socket>()
  let broken = 0
  let mended = false
  const door = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    if (mended) {
      const onward = connectTo(node.port, '127.0.0.1')
      onward.on('error', () => socket.destroy())
      socket.on('close', () => onward.destroy())
      socket.pipe(onward).pipe(socket)
      return
    }
    broken++
    // A greeting as it should be, then a message where READY is due.
    socket.write(Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 0, ...Buffer.from('NULL'), ...Buffer.alloc(48)]))
    socket.write(message(['pcm/attic/', 'x']))
  })
  const t = await openStation()
  closing.push(() => t.close())
  const address = await listening(door)
  closing.push(() => sockets.forEach((socket) => socket.destroy()))
  const added = await t.screen.call('node.add', { address })
  if (!added.ok) throw new Error(added.fault.message)
  const { key } = added.value
  await until(t.screen, () => t.node(key).fault?.code === 'not-a-node' && broken > 1)
  mended = true
  await until(t.screen, () => t.node(key).presence === 'live')
})

test('a second node at the address of the first is refused, and the first one goes on', async () => {
  const samples = new Uint8Array(960)
  const meta = (id: string): string =>
    JSON.stringify({ protocol: 1, id, name: id, source: { kind: 'tone', label: 'x', state: 'running' } })
  const address = await publishing(
    ['meta/attic/', meta('attic')],
    ['meta/cellar/', meta('cellar')],
    ['meta/attic/', meta('cellar')],
    ['pcm/cellar/', headerBytes(), samples],
  )
  const t = await openStation()
  closing.push(() => t.close())
  const added = await t.screen.call('node.add', { address })
  if (!added.ok) throw new Error(added.fault.message)
  await until(t.screen, () => t.node(added.value.key).link.refused > 10)
  expect(t.node(added.value.key)).toMatchObject({ id: 'attic', name: 'attic', presence: 'stalled' })
  expect(t.node(added.value.key).format).toBeUndefined()
})
