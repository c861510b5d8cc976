/** The node's ring on disk: what it keeps over a restart, a kill, a full disk and bytes gone bad. */
import { LayeredRing } from '#producer/ring/layered.ts'
import { MemoryRing } from '#producer/ring/memory.ts'
import type { Ring } from '#producer/ring/ring.ts'
import { Spool } from '#producer/ring/spool.ts'
import { checkCount } from '#producer/sources/tone/count.ts'
import type { RingBlock } from '#wire/backfill.ts'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { blockOf } from '../support/ring-blocks.ts'

const BLOCK = 480
const BLOCK_BYTES = 64 + BLOCK * 4
const LOG: string[] = []

let root: string
let folder: string
let open: Spool[] = []
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'farfield-spool-'))))
afterAll(() => rmSync(root, { recursive: true, force: true }))
afterEach(async () => {
  for (const spool of open) await spool.close()
  open = []
})

function fresh(): string {
  folder = join(mkdtempSync(join(root, 'case-')), 'spool')
  return folder
}

async function start(limits: { folder?: string; seconds?: number; bytes?: number } = {}): Promise<Spool> {
  const spool = new Spool({ folder: folder, seconds: 3600, bytes: 1e9, ...limits }, (_, text) => void LOG.push(text))
  open.push(spool)
  await spool.open(false)
  return spool
}

async function written(spool: Spool, stream = 1n): Promise<void> {
  await vi.waitFor(() => expect(spool.pending(stream)).toBe(false), { timeout: 5000, interval: 20 })
}

function push(ring: Ring, stream: bigint, from: number, to: number, begin = 0n): void {
  for (let i = from; i < to; i++) ring.push(blockOf(stream, i, begin + BigInt(i * BLOCK), BLOCK))
}

/** Everything of `[from, to)`, asked for as a workstation does, again and again from where the last answer ended. */
async function fetch(
  ring: Ring,
  stream: bigint,
  from: bigint,
  to: bigint,
): Promise<{ blocks: RingBlock[]; reached: bigint; last: string }> {
  const blocks: RingBlock[] = []
  for (let at = from; ;) {
    const answer = await ring.read({ stream, from: at, to })
    if (answer.status !== 'ok') return { blocks, reached: at, last: answer.status }
    expect(answer.to).toBeGreaterThan(at)
    for (const block of answer.blocks) {
      expect(checkCount(block.samples, block.header, block.header.firstFrame)).toEqual({ wrong: 0 })
      if (block.header.firstFrame !== blocks.at(-1)?.header.firstFrame) blocks.push(block)
    }
    at = answer.to
    if (at >= to) return { blocks, reached: at, last: 'ok' }
  }
}

function files(suffix: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .toSorted()
    .map((name) => join(folder, name))
}

describe('spool', () => {
  test('serves what it wrote, over several segments, and again after a restart', async () => {
    fresh()
    const begin = 2n ** 53n - 24_000n
    const first = await start({ seconds: 20 })
    for (let i = 0; i < 600; i += 100) {
      push(first, 1n, i, i + 100, begin)
      await written(first)
    }
    expect(files('.blocks').length).toBeGreaterThan(2)
    const end = begin + BigInt(600 * BLOCK)
    expect(first.streams(16)).toMatchObject([{ from: `${begin}`, to: `${end}`, ended: false }])
    expect(await fetch(first, 1n, begin, end)).toMatchObject({ reached: end, last: 'ok' })
    expect(await first.read({ stream: 1n, from: end, to: end + 1n })).toMatchObject({ status: 'future', end })
    await first.close()

    const second = await start({ seconds: 20 })
    push(second, 2n, 0, 10)
    await written(second, 2n)
    const again = await fetch(second, 1n, begin, end)
    expect(again.blocks).toHaveLength(600)
    expect(again.reached).toBe(end)
    expect(await second.read({ stream: 1n, from: end, to: end + 1n })).toMatchObject({
      status: 'gone',
      end,
      ended: true,
    })
    expect(second.streams(16)).toMatchObject([
      { id: '0000000000000002', ended: false },
      { id: '0000000000000001', from: `${begin}`, to: `${end}`, ended: true },
    ])
    expect(second.errors).toBe(0)
  })

  test.each([
    ['in the samples', -700],
    ['in the header', 20 - BLOCK_BYTES],
    ['with zeros behind, as a power cut leaves', 4096],
    ['with another index than blocks', 0],
  ])('finds its way without an index, the last block torn %s', async (_, change) => {
    fresh()
    const first = await start()
    push(first, 1n, 0, 100)
    await written(first)
    // The folder as it is at this moment is the one that kill -9 leaves.
    const living = folder
    cpSync(living, fresh(), { recursive: true })
    const [path] = files('.blocks')
    const size = statSync(path!).size
    expect(size).toBe(100 * BLOCK_BYTES)
    expect(files('.index')).toEqual([])
    if (change > 0) writeFileSync(path!, Buffer.concat([readFileSync(path!), Buffer.alloc(change)]))
    if (change < 0) truncateSync(path!, size + change)
    if (change === 0) writeFileSync(`${path}.index`, Buffer.alloc(500, 7))
    const blocks = change < 0 ? 99 : 100
    const second = await start()
    await vi.waitFor(async () => expect(second.streams(1)).toHaveLength(1))
    const back = await fetch(second, 1n, 0n, BigInt(100 * BLOCK))
    expect(back.blocks).toHaveLength(blocks)
    expect(back.reached).toBe(BigInt(blocks * BLOCK))
    expect(statSync(path!).size).toBe(blocks * BLOCK_BYTES)
    expect(files('.index')).toEqual([`${path}.index`])
    expect(second.errors).toBe(0)
  })

  test('keeps to its span and to its bytes', async () => {
    fresh()
    const spool = await start({ seconds: 2 })
    for (let i = 0; i < 900; i += 300) {
      push(spool, 1n, i, i + 300)
      await written(spool)
    }
    const [bySpan] = spool.streams(1)
    const held = Number(BigInt(bySpan!.to) - BigInt(bySpan!.from)) / 48_000
    expect(held).toBeGreaterThanOrEqual(2)
    expect(held).toBeLessThan(2.9)

    fresh()
    const small = await start({ bytes: 300_000 })
    for (let i = 0; i < 900; i += 150) {
      push(small, 1n, i, i + 150)
      await written(small)
      const bytes = files('.blocks').reduce((sum, path) => sum + statSync(path).size, 0)
      expect(bytes).toBeLessThanOrEqual(300_000)
      expect(bytes).toBeGreaterThan(200_000)
    }
    expect(small.seconds).toBeCloseTo(300_000 / ((BLOCK_BYTES / BLOCK) * 48_000), 3)
    expect(small.streams(1)).toMatchObject([{ to: `${900 * BLOCK}` }])
    expect(small.dropped).toBe(0)
  })

  test('gives nothing for a block whose bytes went bad, and all the others', async () => {
    fresh()
    const first = await start()
    push(first, 1n, 0, 100)
    await written(first)
    await first.close()
    const [path] = files('.blocks')
    const bytes = readFileSync(path!)
    bytes[40 * BLOCK_BYTES + 1000]! ^= 4
    writeFileSync(path!, bytes)
    const spool = await start()
    await vi.waitFor(() => expect(spool.streams(1)).toHaveLength(1))
    const before = await fetch(spool, 1n, 0n, BigInt(100 * BLOCK))
    expect(before).toMatchObject({ reached: BigInt(40 * BLOCK), last: 'gone' })
    const bad = await spool.read({ stream: 1n, from: BigInt(40 * BLOCK), to: BigInt(100 * BLOCK) })
    expect(bad).toMatchObject({ status: 'gone', oldest: BigInt(41 * BLOCK) })
    expect((await fetch(spool, 1n, BigInt(41 * BLOCK), BigInt(100 * BLOCK))).blocks).toHaveLength(59)
    expect(spool.errors).toBeGreaterThan(0)
    expect(spool.message).toMatch(/went bad on the disk/)
  })

  test('goes on when its folder is deleted under it', async () => {
    fresh()
    const spool = await start({ seconds: 10 })
    for (let i = 0; i < 500; i += 250) {
      push(spool, 1n, i, i + 250)
      await written(spool)
    }
    rmSync(folder, { recursive: true })
    expect(await spool.read({ stream: 1n, from: 0n, to: 100n })).toMatchObject({ status: 'gone' })
    expect(spool.errors).toBeGreaterThan(0)
    for (let i = 500; i < 1000; i += 250) {
      push(spool, 1n, i, i + 250)
      await written(spool)
    }
    expect((await fetch(spool, 1n, BigInt(900 * BLOCK), BigInt(1000 * BLOCK))).blocks).toHaveLength(100)
    expect(spool.message).toBeUndefined()
  })

  test('never holds up the sound for a disk that is not there, counts what that costs, and begins when it comes', async () => {
    fresh()
    writeFileSync(folder, 'a file where the folder should be')
    const spool = new Spool({ folder, seconds: 3600, bytes: 1e9 }, () => undefined)
    open.push(spool)
    expect(await spool.open(true)).toMatchObject({ ok: false, fault: { code: 'folder-unwritable' } })
    const block = blockOf(1n, 0, 0n, 48_000, 8)
    const began = performance.now()
    const pushed = Math.ceil((34 << 20) / block.samples.byteLength)
    for (let i = 0; i < pushed; i++) {
      const firstFrame = BigInt(i * 48_000)
      spool.push({ header: { ...block.header, sequence: BigInt(i), firstFrame }, samples: block.samples })
    }
    expect(performance.now() - began).toBeLessThan(500)
    expect(spool.dropped).toBeGreaterThan(0)
    await vi.waitFor(() => expect(spool.message).toMatch(/cannot be written/), { timeout: 5000 })
    expect(await spool.read({ stream: 1n, from: 0n, to: 1n })).toMatchObject({ blocks: [] })
    rmSync(folder)
    await written(spool)
    expect(spool.streams(1)).toMatchObject([{ from: '0', to: `${(pushed - spool.dropped) * 48_000}` }])
    expect(spool.message).toBeUndefined()
  })
})

describe('memory before disk', () => {
  test('serves the newest at once and the older from the disk', async () => {
    fresh()
    const memory = new MemoryRing({ seconds: 0.2, bytes: 1e9 })
    const spool = await start()
    const ring = new LayeredRing(memory, spool)
    push(ring, 1n, 0, 100)
    // Not on the disk yet, but in memory.
    expect(await ring.read({ stream: 1n, from: BigInt(90 * BLOCK), to: BigInt(95 * BLOCK) })).toMatchObject({
      status: 'ok',
    })
    await written(spool)
    push(ring, 1n, 100, 105)
    const all = await fetch(ring, 1n, 0n, BigInt(105 * BLOCK))
    expect(all.blocks).toHaveLength(105)
    expect(ring.streams(16)).toMatchObject([{ from: '0', to: `${105 * BLOCK}`, ended: false }])
    const newest = await ring.read({ stream: 1n, from: BigInt(104 * BLOCK), to: BigInt(106 * BLOCK) })
    expect(newest).toMatchObject({ status: 'ok', oldest: 0n, end: BigInt(105 * BLOCK), to: BigInt(105 * BLOCK) })
    expect(ring.seconds).toBe(3600)
  })

  test('says `gone` for what the disk left out, never `ok`', async () => {
    fresh()
    const memory = new MemoryRing({ seconds: 0.2, bytes: 1e9 })
    const spool = await start()
    const ring = new LayeredRing(memory, spool)
    push(ring, 1n, 0, 50)
    await written(spool)
    // As if the queue had been full for these.
    for (let i = 50; i < 60; i++) memory.push(blockOf(1n, i, BigInt(i * BLOCK), BLOCK))
    push(ring, 1n, 60, 100)
    await written(spool)
    expect(await fetch(ring, 1n, 0n, BigInt(100 * BLOCK))).toMatchObject({ reached: BigInt(50 * BLOCK), last: 'gone' })
    const gone = await ring.read({ stream: 1n, from: BigInt(50 * BLOCK), to: BigInt(100 * BLOCK) })
    expect(gone).toMatchObject({ status: 'gone', oldest: BigInt(60 * BLOCK), end: BigInt(100 * BLOCK) })
    expect((await fetch(ring, 1n, BigInt(60 * BLOCK), BigInt(100 * BLOCK))).blocks).toHaveLength(40)
  })
})
