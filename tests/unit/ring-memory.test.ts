/** The node's ring in memory, and which blocks answer a request. */
import { MAX_BACKFILL_BYTES } from '#wire/backfill.ts'
import { MemoryRing } from '#producer/ring/memory.ts'
import { describe, expect, test } from 'vitest'
import { blockOf, RATE } from '../support/ring-blocks.ts'

const BLOCK = 480

/** Blocks 0 to `count - 1` of a stream, 10 ms each. */
function filled(seconds: number, count: number, bytes = 1e9, begin = 0n): MemoryRing {
  const ring = new MemoryRing({ seconds, bytes })
  for (let i = 0; i < count; i++) ring.push(blockOf(1n, i, begin + BigInt(i * BLOCK), BLOCK))
  return ring
}

function firsts(answer: {
  readonly blocks: readonly { readonly header: { readonly firstFrame: bigint } }[]
}): number[] {
  return answer.blocks.map((b) => Number(b.header.firstFrame))
}

describe('memory ring', () => {
  test('keeps references, the newest of the span', async () => {
    const ring = new MemoryRing({ seconds: 0.05, bytes: 1e9 })
    const blocks = Array.from({ length: 12 }, (_, i) => blockOf(1n, i, BigInt(i * BLOCK), BLOCK))
    for (const block of blocks) ring.push(block)
    const answer = await ring.read({ stream: 1n, from: BigInt(7 * BLOCK), to: BigInt(12 * BLOCK) })
    expect(answer).toMatchObject({ status: 'ok', from: 3360n, to: 5760n, oldest: 3360n, end: 5760n, ended: false })
    expect(answer.blocks.every((b, i) => b.samples === blocks[i + 7]!.samples)).toBe(true)
    expect(await ring.read({ stream: 1n, from: 3359n, to: 4000n })).toMatchObject({
      status: 'gone',
      oldest: 3360n,
      blocks: [],
    })
  })

  test('keeps no more bytes than it may, and says what that is in seconds', () => {
    const bytes = 200_000
    const ring = filled(120, 1000, bytes)
    expect(ring.bytes).toBeLessThanOrEqual(bytes)
    const [stream] = ring.streams(16)
    const held = Number(BigInt(stream!.to) - BigInt(stream!.from)) / RATE
    expect(held).toBeGreaterThan(0.3)
    expect(ring.seconds).toBeGreaterThanOrEqual(held)
    expect(ring.seconds).toBeLessThan(held + 0.02)
    expect(filled(2, 10).seconds).toBe(2)
  })

  test('holds several streams, and the oldest falls out first', async () => {
    const ring = filled(0.1, 8)
    ring.end()
    for (let i = 0; i < 6; i++) ring.push(blockOf(2n, i, BigInt(i * BLOCK), BLOCK))
    expect(ring.streams(16)).toMatchObject([
      { id: '0000000000000002', from: '0', to: `${6 * BLOCK}`, ended: false },
      { id: '0000000000000001', from: `${4 * BLOCK}`, to: `${8 * BLOCK}`, ended: true },
    ])
    expect(ring.streams(1)).toHaveLength(1)
    expect(await ring.read({ stream: 1n, from: BigInt(8 * BLOCK), to: 5000n })).toMatchObject({
      status: 'gone',
      end: 3840n,
      ended: true,
    })
    for (let i = 6; i < 12; i++) ring.push(blockOf(2n, i, BigInt(i * BLOCK), BLOCK))
    expect(ring.streams(16)).toHaveLength(1)
    expect(await ring.read({ stream: 1n, from: 0n, to: 1n })).toEqual({
      status: 'gone',
      stream: 1n,
      from: 0n,
      to: 1n,
      ended: true,
      blocks: [],
    })
  })

  test('goes round for long without growing', () => {
    const ring = filled(1, 30_000)
    expect(ring.streams(1)).toMatchObject([{ from: `${29_900 * BLOCK}`, to: `${30_000 * BLOCK}` }])
  })

  test('says what was not captured yet', async () => {
    const ring = filled(10, 10)
    expect(await ring.read({ stream: 1n, from: 4800n, to: 5000n })).toMatchObject({
      status: 'future',
      end: 4800n,
      ended: false,
    })
    const half = await ring.read({ stream: 1n, from: 4500n, to: 9000n })
    expect(half).toMatchObject({ status: 'ok', from: 4500n, to: 4800n })
    expect(firsts(half)).toEqual([4320])
    ring.end()
    expect(await ring.read({ stream: 1n, from: 4800n, to: 5000n })).toMatchObject({
      status: 'gone',
      end: 4800n,
      ended: true,
    })
  })

  test('settles a range in which the device lost frames', async () => {
    const ring = new MemoryRing({ seconds: 10, bytes: 1e9 })
    ring.push(blockOf(1n, 0, 0n, BLOCK))
    ring.push(blockOf(1n, 1, 10_000n, BLOCK))
    expect(await ring.read({ stream: 1n, from: 480n, to: 10_000n })).toMatchObject({
      status: 'ok',
      to: 10_000n,
      blocks: [],
    })
    expect(firsts(await ring.read({ stream: 1n, from: 0n, to: 10_001n }))).toEqual([0, 10_000])
  })

  test('gives whole blocks, at least one, and stops at the limit', async () => {
    const ring = filled(10, 900)
    const one = await ring.read({ stream: 1n, from: 490n, to: 2000n, maxBytes: 1 })
    expect(one).toMatchObject({ status: 'ok', from: 490n, to: 960n })
    expect(firsts(one)).toEqual([480])
    const two = await ring.read({ stream: 1n, from: 479n, to: 481n })
    expect(firsts(two)).toEqual([0, 480])
    expect(two.to).toBe(481n)
    // 2 s at the most, however much is asked for and allowed.
    const long = await ring.read({ stream: 1n, from: 0n, to: 2n ** 63n, maxBytes: 2 ** 40 })
    expect(long.to).toBe(96_000n)
    expect(long.blocks).toHaveLength(200)
    const wide = new MemoryRing({ seconds: 10, bytes: 1e9 })
    for (let i = 0; i < 100; i++) wide.push(blockOf(1n, i, BigInt(i * 4800), 4800, 8))
    const much = await wide.read({ stream: 1n, from: 0n, to: 2n ** 63n })
    const bytes = much.blocks.reduce((sum, b) => sum + b.samples.byteLength, 0)
    expect(bytes).toBeLessThanOrEqual(MAX_BACKFILL_BYTES)
    expect(bytes).toBeGreaterThan(MAX_BACKFILL_BYTES - much.blocks[0]!.samples.byteLength)
    expect(much.to).toBe(BigInt(much.blocks.length * 4800))
  })

  test.each([2n ** 32n, 2n ** 53n, 2n ** 63n])('is exact around %s', async (around) => {
    const begin = around - 1000n
    const ring = filled(10, 10, 1e9, begin)
    for (let from = around - 3n; from <= around + 3n; from++) {
      const answer = await ring.read({ stream: 1n, from, to: from + 1n })
      expect(answer).toMatchObject({ status: 'ok', from, to: from + 1n })
      expect(answer.blocks.map((b) => b.header.firstFrame)).toEqual([begin + 960n])
    }
    // The very first block follows nothing: nothing was captured before it.
    expect(await ring.read({ stream: 1n, from: 0n, to: begin })).toMatchObject({ status: 'ok', blocks: [] })
  })
})
