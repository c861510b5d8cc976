/** A node asked for sound once more, over TCP: by ZeroMQ from Node, and by Python from the page of the wire alone. */
import { backfillRequest, parseBackfill, type BackfillReply, type RingBlock } from '#wire/backfill.ts'
import { FLAG_BACKFILL, MAX_BLOCK_BYTES, PROTOCOL_VERSION } from '#wire/packet.ts'
import { startNode } from '#producer/node.ts'
import { checkCount } from '#producer/sources/tone/count.ts'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Dealer } from 'zeromq'
import { NodeProcess, freePortPair, startNodeProcess } from '../support/node-process.ts'
import { NodeSubscriber } from '../support/node-subscriber.ts'
import { preload } from '../support/preload.ts'

const run = promisify(execFile)
const COUNT = ['--source', 'tone:count']
let folder: string
let closing: (() => unknown)[] = []
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-backfill-'))))
afterEach(async () => {
  for (const close of closing.toReversed()) await close()
  closing = []
  await rm(folder, { recursive: true, force: true })
})

async function start(
  args: readonly string[],
  port?: number,
): Promise<{ node: NodeProcess; seen: NodeSubscriber; ask: Asker }> {
  const node = await startNodeProcess([...COUNT, ...args], port === undefined ? {} : { port })
  const seen = new NodeSubscriber(node.url)
  const ask = new Asker(`tcp://127.0.0.1:${node.port + 1}`)
  closing.push(
    () => node.stop(),
    () => seen.close(),
    () => ask.close(),
  )
  await seen.until((s) => s.blocks.length > 0 && s.metas.length > 0)
  return { node, seen, ask }
}

class Asker {
  readonly #socket = new Dealer({ linger: 0, receiveTimeout: 10_000, maxMessageSize: MAX_BLOCK_BYTES })
  #id = 0

  constructor(control: string) {
    this.#socket.connect(control)
  }

  async once(stream: bigint, from: bigint, to: bigint, maxBytes?: number): Promise<BackfillReply> {
    const id = await this.send(stream, from, to, maxBytes)
    const reply = await this.receive()
    expect(reply).toMatchObject({ id, stream })
    return reply
  }

  async send(stream: bigint, from: bigint, to: bigint, maxBytes?: number): Promise<number> {
    const id = ++this.#id
    await this.#socket.send(
      backfillRequest({ id, stream, from, to, ...(maxBytes ? { maxBytes } : {}) }, PROTOCOL_VERSION),
    )
    return id
  }

  async receive(): Promise<BackfillReply> {
    const [json, ...parts] = await this.#socket.receive()
    const read = parseBackfill(json!.toString(), parts, PROTOCOL_VERSION)
    if (!read.ok) throw new Error(read.fault.message)
    return read.value
  }

  /** All of `[from, to)`, question after question; every frame checked. */
  async all(stream: bigint, from: bigint, to: bigint): Promise<RingBlock[]> {
    const blocks: RingBlock[] = []
    for (let at = from; at < to;) {
      const reply = await this.once(stream, at, to)
      expect(reply).toMatchObject({ status: 'ok', from: at })
      for (const block of reply.blocks) {
        expect(crc32(block.samples)).toBe(block.header.crc)
        expect(block.header.flags & FLAG_BACKFILL).toBe(FLAG_BACKFILL)
        expect(checkCount(block.samples, block.header, block.header.firstFrame)).toEqual({ wrong: 0 })
        if (block.header.firstFrame !== blocks.at(-1)?.header.firstFrame) blocks.push(block)
      }
      at = reply.to
    }
    return blocks
  }

  close(): void {
    this.#socket.close()
  }
}

function contiguous(blocks: readonly RingBlock[], from: bigint, to: bigint): void {
  expect(blocks[0]!.header.firstFrame).toBeLessThanOrEqual(from)
  for (const [i, { header }] of blocks.entries())
    if (i > 0) expect(header.firstFrame).toBe(blocks[i - 1]!.header.firstFrame + BigInt(blocks[i - 1]!.header.frames))
  const last = blocks.at(-1)!.header
  expect(last.firstFrame + BigInt(last.frames)).toBeGreaterThanOrEqual(to)
}

describe('memory ring of a node', () => {
  test.each([2n ** 32n, 2n ** 53n])('gives again, bit for bit, what it sent around %s', async (around) => {
    const begin = around - 24_000n
    const { seen, ask } = await start(['--first-frame', `${begin}`])
    await seen.until((s) => s.blocks.at(-1)!.header.firstFrame > around + 12_000n)
    const { stream } = seen.blocks[0]!.header
    const from = begin + 7n
    const to = around + 10_001n
    const blocks = await ask.all(stream, from, to)
    contiguous(blocks, from, to)
    for (const live of seen.blocks) {
      const again = blocks.find((b) => b.header.firstFrame === live.header.firstFrame)
      if (!again) continue
      expect(again.header).toEqual({ ...live.header, flags: live.header.flags | FLAG_BACKFILL })
      expect(Buffer.compare(again.samples, live.samples)).toBe(0)
    }
    expect(await ask.once(stream, around + 2n ** 40n, around + 2n ** 41n)).toMatchObject({
      status: 'future',
      ended: false,
    })
    expect(await ask.once(stream ^ 1n, 0n, 1n)).toMatchObject({ status: 'gone', ended: true })
  })

  test('says what is gone, what it holds and what it served', async () => {
    const { seen, ask } = await start(['--ring', '1s'])
    await seen.until((s) => s.blocks.at(-1)!.header.firstFrame > 96_000n && s.metas.length > 2)
    const { stream } = seen.blocks[0]!.header
    const gone = await ask.once(stream, 0n, 48_000n)
    expect(gone).toMatchObject({ status: 'gone', blocks: [] })
    const held = await ask.once(stream, gone.oldest! + 24_000n, gone.oldest! + 24_480n)
    expect(held.blocks.length).toBeGreaterThan(0)
    await seen.until((s) => (s.metas.at(-1)?.counters.backfillBlocks ?? 0) > 0)
    const meta = seen.metas.at(-1)!
    expect(meta.ringSeconds).toBe(1)
    expect(meta.ring).toMatchObject({ kind: 'memory', streams: [{ id: meta.stream!.id, ended: false, rate: 48_000 }] })
    const [held0] = meta.ring!.streams
    expect(Number(BigInt(held0!.to) - BigInt(held0!.from)) / 48_000).toBeCloseTo(1, 1)
    expect(Math.abs(Number(held0!.utc) / 1e6 - Date.now())).toBeLessThan(10_000)
    expect(meta.counters).toMatchObject({
      backfillRequests: 2,
      backfillBlocks: held.blocks.length,
      backfillBytes: held.blocks.length * 480 * 8,
      subscribers: 1,
      requestsRefused: 0,
    })
  })

  test('none at all with --ring 0', async () => {
    const { seen, ask } = await start(['--ring', '0'])
    expect(seen.metas.at(-1)).toMatchObject({ ringSeconds: 0 })
    expect(seen.metas.at(-1)!.ring).toBeUndefined()
    expect(await ask.once(seen.blocks[0]!.header.stream, 0n, 480n)).toMatchObject({ status: 'gone' })
  })

  test('gives every asker a turn, refuses what is too much, and sends the live sound on', async () => {
    const { node, seen, ask } = await start(['--rate', '96000', '--channels', '4'])
    await seen.until((s) => s.blocks.at(-1)!.header.firstFrame > 300_000n)
    const { stream } = seen.blocks[0]!.header
    // One that asks and asks and takes nothing, and connections that never speak.
    const greedy = new Dealer({ linger: 0, receiveHighWaterMark: 1 })
    greedy.connect(`tcp://127.0.0.1:${node.port + 1}`)
    const strangers = Array.from({ length: 5 }, () => connect(node.port, '127.0.0.1').on('error', () => undefined))
    closing.push(
      () => greedy.close(),
      () => strangers.forEach((s) => s.destroy()),
    )
    const question = backfillRequest({ id: 1, stream, from: 0n, to: 300_000n }, PROTOCOL_VERSION)
    for (let i = 0; i < 200; i++) await greedy.send(question)
    await greedy.send('nonsense')
    const before = seen.blocks.length
    contiguous(await ask.all(stream, 0n, 200_000n), 0n, 200_000n)
    await seen.until((s) => s.blocks.length > before + 100 && s.metas.at(-1)!.counters.requestsRefused > 0)
    const { counters } = seen.metas.at(-1)!
    expect(counters.backfillBusy).toBeGreaterThan(0)
    const live = seen.blocks
    for (const [i, { header, arrivedNs }] of live.entries()) {
      if (i === 0) continue
      expect(header.firstFrame).toBe(live[i - 1]!.header.firstFrame + BigInt(live[i - 1]!.header.frames))
      expect(Number(arrivedNs - live[i - 1]!.arrivedNs) / 1e6).toBeLessThan(1000)
    }
    // They were shown out: what counts as a connection is ours.
    await seen.until((s) => s.metas.at(-1)!.counters.subscribers === 1)
  })
})

describe('spool of a node', () => {
  test('survives kill -9 and a restart, with memory for the newest', async () => {
    const port = await freePortPair()
    const args = ['--ring', '1s', '--spool', folder, '--spool-span', '10m', '--id', 'attic']
    const first = await start(args, port)
    await first.seen.until((s) => s.blocks.at(-1)!.header.firstFrame > 144_000n)
    const { stream } = first.seen.blocks[0]!.header
    contiguous(await first.ask.all(stream, 0n, 140_000n), 0n, 140_000n)
    await first.node.stop('SIGKILL')
    const sent = first.seen.blocks.at(-1)!.header
    first.seen.close()

    const second = await start(args, port)
    const end = sent.firstFrame + BigInt(sent.frames)
    await second.seen.until((s) => (s.metas.at(-1)?.ring?.streams.length ?? 0) === 2)
    const held = second.seen.metas.at(-1)!.ring!
    expect(held.kind).toBe('disk')
    expect(held.streams[1]).toMatchObject({ id: stream.toString(16).padStart(16, '0'), from: '0', ended: true })
    // What waited to be written is lost by a kill: at most half a second.
    const reached = BigInt(held.streams[1]!.to)
    expect(Number(end - reached) / 48_000).toBeLessThan(0.5)
    contiguous(await second.ask.all(stream, 0n, reached), 0n, reached)
    expect(await second.ask.once(stream, reached, end + 1n)).toMatchObject({
      status: 'gone',
      end: reached,
      ended: true,
    })
    expect(second.seen.metas.at(-1)!.counters).toMatchObject({ spoolDropped: 0, spoolErrors: 0 })
    expect(await second.node.stop()).toMatchObject({ code: 0 })
  })

  test.each([
    ['smaller than its span', ''],
    ['that is full', 'head -c 3m /dev/zero > "$0/other"; '],
  ])('on a disk %s costs the live sound and the memory nothing', async (_, before) => {
    const port = await freePortPair()
    const script = `mount -t tmpfs -o size=3m none "$0" && { ${before}exec "$@"; }`
    const unshare = ['unshare', process.getuid?.() === 0 ? '-m' : '-rm', 'sh', '-c', script, folder]
    const main = fileURLToPath(new URL('../../headless-producer/start.mjs', import.meta.url))
    const args = ['--bind', '127.0.0.1', '--port', `${port}`, '--no-advertise', ...COUNT, '--channels', '8']
    const node = [process.execPath, main, ...args, '--ring', '20s', '--spool', folder]
    const child = execFile(unshare[0]!, [...unshare.slice(1), ...node])
    closing.push(() => child.kill())
    const seen = new NodeSubscriber(`tcp://127.0.0.1:${port}`)
    const ask = new Asker(`tcp://127.0.0.1:${port + 1}`)
    closing.push(
      () => seen.close(),
      () => ask.close(),
    )
    // 4 s of it are twice what the disk holds.
    await seen.until((s) => s.blocks.length > 0 && s.blocks.at(-1)!.header.firstFrame > 192_000n)
    const { stream } = seen.blocks[0]!.header
    contiguous(await ask.all(stream, 0n, 190_000n), 0n, 190_000n)
    const follows = (i: number): boolean =>
      i === 0 || seen.blocks[i]!.header.sequence === seen.blocks[i - 1]!.header.sequence + 1n
    expect(seen.blocks.every((_block, i) => follows(i))).toBe(true)
    const { ring, ringSeconds, counters } = seen.metas.at(-1)!
    expect(ring?.kind).toBe('disk')
    expect(ringSeconds).toBe(20)
    expect(counters.spoolErrors > 0).toBe(before !== '')
    expect(counters.spoolDropped > 0).toBe(before !== '')
    if (before === '') expect(ring?.message).toBeUndefined()
    else expect(ring?.message).toMatch(/is full: .*Make room on it\.$/)
  })
})

test('a disk that takes 3 s to make sure of a write holds up nothing', async () => {
  const log = join(folder, 'flushes')
  const env = preload('slow-sync', folder, { FARFIELD_SYNC_SECONDS: '3', FARFIELD_SYNC_LOG: log })
  const spool = join(folder, 'spool')
  const node = await startNodeProcess([...COUNT, '--ring', '1s', '--spool', spool, '--spool-span', '10s'], { env })
  const seen = new NodeSubscriber(node.url)
  const ask = new Asker(`tcp://127.0.0.1:${node.port + 1}`)
  closing.push(
    () => node.stop('SIGKILL'),
    () => seen.close(),
    () => ask.close(),
  )
  // A segment ends, and waits for the disk, after every second of sound.
  await seen.until((s) => s.blocks.length > 0 && s.blocks.at(-1)!.header.firstFrame > 8n * 48_000n, 15_000)
  const live = seen.blocks
  for (const [i, { header, arrivedNs }] of live.entries()) {
    if (i === 0) continue
    expect(header.sequence).toBe(live[i - 1]!.header.sequence + 1n)
    expect(Number(arrivedNs - live[i - 1]!.arrivedNs) / 1e6).toBeLessThan(1000)
  }
  const { counters, ring } = seen.metas.at(-1)!
  expect(counters).toMatchObject({ overruns: 0, spoolDropped: 0, spoolErrors: 0 })
  expect(ring).toMatchObject({ kind: 'disk', streams: [{ from: '0' }] })
  contiguous(await ask.all(live[0]!.header.stream, 0n, 48_000n), 0n, 48_000n)
  expect((await readFile(log, 'utf8')).length).toBeGreaterThan(0)
})

test('a node in this process serves the same ring', async () => {
  const seen = new NodeSubscriber('inproc://ring')
  const node = await startNode({ source: 'tone:count', endpoint: 'inproc://ring' })
  if (!node.ok) throw new Error(node.fault.message)
  const ask = new Asker('inproc://ring-control')
  closing.push(
    () => node.value.stop(),
    () => seen.close(),
    () => ask.close(),
  )
  await seen.until((s) => s.blocks.length > 100)
  contiguous(await ask.all(seen.blocks[0]!.header.stream, 0n, 40_000n), 0n, 40_000n)
  expect(node.value.meta()).toMatchObject({ ringSeconds: 120, ring: { kind: 'memory', streams: [{ from: '0' }] } })
})

test('answers Python, which knows the page of the wire and nothing else', async () => {
  const { node, seen } = await start(['--format', 's24', '--first-frame', `${2n ** 53n - 4800n}`])
  await seen.until((s) => s.blocks.at(-1)!.header.firstFrame > 2n ** 53n + 4800n)
  const { stream } = seen.blocks[0]!.header
  const from = 2n ** 53n - 1001n
  const to = 2n ** 53n + 1001n
  const script = fileURLToPath(new URL('../support/backfill.py', import.meta.url))
  const id = stream.toString(16).padStart(16, '0')
  const { stdout } = await run('/usr/bin/python3', [script, `tcp://127.0.0.1:${node.port + 1}`, id, `${from}`, `${to}`])
  expect(JSON.parse(stdout)).toEqual({
    status: 'ok',
    from: `${from}`,
    to: `${to}`,
    ended: false,
    frames: 2002,
    wrong: 0,
    flags: [4],
  })
})
