import { expect, test } from 'vitest'
import { NodeClock } from '#engine/node-clock.ts'
import { FLAG_CLOCK_STEPPED, type BlockHeader } from '#wire/packet.ts'
import { random } from '../support/signals.ts'

const MS = 1_000_000n
const S = 1000n * MS
const RATE = 48_000

function block(firstFrame: bigint, monotonicNs: bigint, stream = 7n, flags = 0): BlockHeader {
  return {
    format: 's16',
    channels: 1,
    rate: RATE,
    flags,
    stream,
    sequence: 0n,
    firstFrame,
    monotonicNs,
    utcNs: 0n,
    frames: 480,
    crc: 0,
  }
}

/** An exchange at `at` of our clock, when the node's is ahead by `offset`; it took this long there and back. */
function exchange(clock: NodeClock, at: bigint, offset: bigint, there: bigint, back: bigint): void {
  const t2 = at + there + offset
  clock.exchange({ t1: at, t2, t3: t2 + MS, t4: at + there + MS + back })
}

test('of several exchanges the shortest round trip tells the offset', () => {
  const next = random(3)
  const clock = new NodeClock()
  const offset = 12_345_678_901_234n
  let best = 1e9
  for (let i = 0; i < 100; i++) {
    const there = BigInt(Math.round(next() * 40e6)) + MS
    const back = BigInt(Math.round(next() * 40e6)) + MS
    exchange(clock, BigInt(i) * S, offset, there, back)
    best = Math.min(best, Number(there + back) / 1e6)
  }
  const { offsetNs, roundTripMs } = clock.view!
  expect(Math.abs(Number(offsetNs - offset)) / 1e6).toBeLessThanOrEqual(roundTripMs / 2)
  // Not much worse than the very best, which may be old.
  expect(roundTripMs).toBeLessThan(best + 10)
})

test('a moment has its frame, forwards and backwards, in this stream and the one before', () => {
  const clock = new NodeClock()
  expect(clock.positionAt(0n)).toBeUndefined()
  const offset = 1000n * S
  exchange(clock, 100n * S, offset, MS, MS)
  expect(clock.positionAt(100n * S)).toBeUndefined()
  // The first stream began at 100 s of our clock, the next at 200 s.
  clock.stamp(block(480_000n, 110n * S + offset), 110n * S)
  clock.stamp(block(0n, 200n * S + offset, 8n), 200n * S)
  expect(clock.positionAt(210n * S)).toEqual({ stream: 8n, position: 480_000n })
  expect(clock.positionAt(200n * S)).toEqual({ stream: 8n, position: 0n })
  expect(clock.positionAt(150n * S)).toEqual({ stream: 7n, position: 2_400_000n })
  expect(clock.positionAt(100n * S)).toEqual({ stream: 7n, position: 0n })
  expect(clock.positionAt(99n * S)).toBeUndefined()
  expect(clock.ageOfPosition({ stream: 8n, position: 48_000n }, 205n * S)).toBe(4n * S)
})

test('blocks that are stamped late do not move it', () => {
  const next = random(8)
  const clock = new NodeClock()
  exchange(clock, 0n, 0n, MS, MS)
  for (let i = 0; i < 3000; i++) {
    const late = i % 3 === 0 ? 0n : BigInt(Math.round(next() * 5e6))
    clock.stamp(block(BigInt(i * 480), BigInt(i) * 10n * MS + late), 0n)
    if (i > 10) expect(clock.positionAt(BigInt(i) * 10n * MS)!.position).toBe(BigInt(i * 480))
  }
})

test.each([2n ** 32n, 2n ** 53n, 2n ** 63n])('positions are exact at %s', (middle) => {
  const clock = new NodeClock()
  exchange(clock, 0n, 0n, MS, MS)
  clock.stamp(block(middle - 1n, 10n * S), 0n)
  expect(clock.positionAt(11n * S)!.position).toBe(middle + 47_999n)
})

test('the drift of the capture clock against ours', () => {
  const clock = new NodeClock()
  for (let i = 0; i < 12_000; i++) {
    const at = BigInt(i) * 10n * MS
    if (i % 100 === 0) exchange(clock, at, 5n * S, 2n * MS, MS)
    // 300 ppm too fast: 10 ms of sound come each 9.997 ms.
    clock.stamp(block(BigInt(i * 480), 5n * S + BigInt(Math.round(i * 9_997_000))), at)
    if (i === 2000) expect(clock.view!.driftPpm).toBeUndefined()
  }
  expect(clock.view!.driftPpm).toBeGreaterThan(280)
  expect(clock.view!.driftPpm).toBeLessThan(320)
})

test.each([50, -50, 0])('a crystal that is off by %i ppm, over a network and with stamps that are late', (ppm) => {
  const next = random(5)
  const clock = new NodeClock()
  const offset = 77n * S
  for (let i = 0; i < 30_000; i++) {
    const at = BigInt(i) * 10n * MS
    // 0.2 to 3 ms each way, as a busy local network has it.
    const way = (): bigint => BigInt(Math.round((0.2 + 2.8 * next() ** 3) * 1e6))
    if (i % 100 === 0) exchange(clock, at, offset, way(), way())
    const late = BigInt(Math.round(next() ** 4 * 2e6))
    clock.stamp(block(BigInt(i * 480), offset + BigInt(Math.round(i * 10e6 * (1 - ppm / 1e6))) + late), at)
  }
  expect(Math.abs(clock.view!.driftPpm! - ppm)).toBeLessThan(5)
})

test('a node that was switched off and on has a clock that began anew; what was before keeps its place', () => {
  const clock = new NodeClock()
  exchange(clock, 10n * S, 5000n * S, MS, MS)
  clock.stamp(block(0n, 5010n * S), 10n * S)
  // Its clock begins at 0 when ours says 60 s; the new stream at 61 s.
  clock.stamp(block(0n, S, 8n), 61n * S)
  exchange(clock, 62n * S, -60n * S, MS, MS)
  expect(clock.view!.offsetNs).toBe(-60n * S)
  expect(clock.positionAt(70n * S)).toEqual({ stream: 8n, position: 9n * 48_000n })
  expect(clock.positionAt(20n * S)).toEqual({ stream: 7n, position: 10n * 48_000n })
})

test('a wall clock that was set is told', () => {
  const clock = new NodeClock()
  exchange(clock, 0n, 0n, MS, MS)
  expect(clock.view!.stepped).toBe(false)
  clock.stamp(block(0n, 0n, 7n, FLAG_CLOCK_STEPPED), 0n)
  expect(clock.view!.stepped).toBe(true)
})
