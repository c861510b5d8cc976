import { expect, test } from 'vitest'
import { Tracker } from '#engine/tracker.ts'
import type { BlockHeader } from '#wire/packet.ts'

function block(sequence: number, firstFrame: number | bigint, frames = 480, stream = 7n): BlockHeader {
  return {
    format: 's32',
    channels: 2,
    rate: 48_000,
    flags: 0,
    stream,
    sequence: BigInt(sequence),
    firstFrame: BigInt(firstFrame),
    monotonicNs: 0n,
    utcNs: 0n,
    frames,
    crc: 0,
  }
}

test('a stream may be joined anywhere without a gap', () => {
  const tracker = new Tracker()
  expect(tracker.accept(block(1000, 480_000))).toEqual({ kind: 'stream' })
  expect(tracker.accept(block(1001, 480_480))).toEqual({ kind: 'live' })
  expect(tracker.counters).toMatchObject({ blocks: 2, frames: 960, gaps: 0, missingFrames: 0 })
})

test('a gap names its frames and its cause', () => {
  const tracker = new Tracker()
  tracker.accept(block(0, 0))
  expect(tracker.accept(block(3, 1440))).toEqual({
    kind: 'live',
    gap: { stream: 7n, from: 480n, to: 1440n, cause: 'network' },
  })
  // The next number in turn, but a later position: lost before the node saw it.
  expect(tracker.accept(block(4, 2000))).toMatchObject({
    kind: 'live',
    gap: { from: 1920n, to: 2000n, cause: 'capture' },
  })
  expect(tracker.counters).toMatchObject({ gaps: 2, missingFrames: 1040 })
})

test('late blocks fill holes exactly once', () => {
  const tracker = new Tracker()
  tracker.accept(block(0, 0))
  tracker.accept(block(3, 1440))
  expect(tracker.accept(block(2, 960))).toEqual({ kind: 'late', frames: 480 })
  expect(tracker.holes).toEqual([{ from: 480n, to: 960n }])
  expect(tracker.accept(block(2, 960))).toEqual({ kind: 'duplicate' })
  expect(tracker.accept(block(1, 480))).toEqual({ kind: 'late', frames: 480 })
  expect(tracker.holes).toEqual([])
  expect(tracker.counters).toMatchObject({ gaps: 1, missingFrames: 0, late: 2, duplicates: 1, frames: 1920 })
})

test('packets of an ended stream are dropped and counted', () => {
  const tracker = new Tracker()
  tracker.accept(block(0, 0, 480, 1n))
  expect(tracker.accept(block(0, 0, 480, 2n))).toEqual({ kind: 'stream' })
  expect(tracker.accept(block(1, 480, 480, 1n))).toEqual({ kind: 'stale' })
  expect(tracker.accept(block(1, 480, 480, 2n))).toEqual({ kind: 'live' })
  expect(tracker.counters.stale).toBe(1)
})

test.each([2n ** 32n, 2n ** 53n, 2n ** 63n])('positions are exact at %s', (base) => {
  const tracker = new Tracker()
  tracker.accept(block(0, base - 480n))
  expect(tracker.accept(block(1, base))).toEqual({ kind: 'live' })
  expect(tracker.accept(block(3, base + 961n))).toMatchObject({ gap: { from: base + 480n, to: base + 961n } })
})

test('a position that the capture time contradicts is refused and changes nothing', () => {
  const tracker = new Tracker()
  tracker.accept(block(0, 0))
  expect(tracker.accept(block(1, 2 ** 40))).toEqual({ kind: 'implausible' })
  expect(tracker.counters).toMatchObject({ blocks: 1, gaps: 0, missingFrames: 0 })
  expect(tracker.accept(block(1, 480))).toEqual({ kind: 'live' })
  // An outage of an hour is no contradiction when the capture clock tells of it too.
  const hour = { ...block(2, 480 + 3600 * 48_000), monotonicNs: 3600n * 1_000_000_000n }
  expect(tracker.accept(hour)).toMatchObject({ kind: 'live', gap: { from: 960n } })
})

test('any order of the same blocks leaves the same frames missing', () => {
  // A fixed generator, so that a failure can be seen again.
  let seed = 1
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let round = 0; round < 200; round++) {
    const kept = Array.from({ length: 40 }, (_, i) => i).filter((i) => i === 0 || random() > 0.2)
    const rest = kept.slice(1)
    for (let i = rest.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      ;[rest[i], rest[j]] = [rest[j]!, rest[i]!]
    }
    const tracker = new Tracker()
    tracker.accept(block(0, 0))
    for (const i of rest) {
      tracker.accept(block(i, i * 480))
      if (random() < 0.1) expect(tracker.accept(block(i, i * 480)).kind).toBe('duplicate')
    }
    const end = Math.max(...kept) + 1
    expect(tracker.counters.missingFrames).toBe((end - kept.length) * 480)
    expect(tracker.holes.reduce((sum, h) => sum + Number(h.to - h.from), 0)).toBe((end - kept.length) * 480)
  }
})
