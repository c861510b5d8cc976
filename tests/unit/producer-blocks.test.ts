import { BlockMaker } from '#producer/blocks.ts'
import { SystemClock } from '#producer/clock.ts'
import { uniformNoise } from '#producer/sources/tone/pink.ts'
import { checkCount, writeCount } from '#producer/sources/tone/count.ts'
import { ArrivalClock } from '#producer/sources/alsa/arrival.ts'
import { frameBytes, SAMPLE_FORMATS, type StreamFormat } from '#shared/pcm.ts'
import { FLAG_CLOCK_STEPPED, FLAG_DISCONTINUITY, type BlockHeader } from '#wire/packet.ts'
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'

const MS = 1_000_000n

function maker(
  format: StreamFormat,
  blockFrames: number,
): {
  blocks: { header: BlockHeader; samples: Uint8Array }[]
  make: BlockMaker
  clock: SystemClock
} {
  const blocks: { header: BlockHeader; samples: Uint8Array }[] = []
  const clock = new SystemClock()
  const make = new BlockMaker({ format, blockFrames, stream: 9n }, clock, (header, samples) =>
    blocks.push({ header, samples }),
  )
  return { blocks, make, clock }
}

function counted(format: StreamFormat, first: number, frames: number): Uint8Array {
  const out = new Uint8Array(frames * frameBytes(format))
  writeCount(out, format, first)
  return out
}

describe('blocks', () => {
  test.each(SAMPLE_FORMATS)('hold every byte once, however it comes: %s', (format) => {
    const stream = { format, channels: 3, rate: 48_000 }
    const bytes = counted(stream, 0, 10_000)
    const { blocks, make } = maker(stream, 480)
    const noise = uniformNoise(3)
    for (let at = 0; at < bytes.length;) {
      const size = 1 + Math.floor(Math.abs(noise()) * 5000)
      const end = Math.min(at + size, bytes.length)
      make.push(bytes.slice(at, end), (BigInt(Math.floor(end / frameBytes(stream))) * 1_000_000_000n) / 48_000n)
      at = end
    }
    make.flush()
    expect(blocks.map((b) => b.header.frames)).toEqual([...Array<number>(20).fill(480), 400])
    for (const [i, { header, samples }] of blocks.entries()) {
      expect(header).toMatchObject({ stream: 9n, sequence: BigInt(i), firstFrame: BigInt(i * 480), flags: 0 })
      expect(header.crc).toBe(crc32(samples))
      expect(checkCount(samples, stream, header.firstFrame)).toEqual({ wrong: 0 })
      // Times are those of the first frame, to within the frame that a cut falls into.
      expect(Math.abs(Number(header.monotonicNs) / 1e9 - (i * 480) / 48_000)).toBeLessThan(2 / 48_000)
    }
  })

  test('a loss ends the block before it, is counted and flagged', () => {
    const stream = { format: 's16', channels: 1, rate: 48_000 } as const
    const { blocks, make } = maker(stream, 480)
    make.push(counted(stream, 0, 700), 100n * MS)
    make.lost(1000)
    make.push(counted(stream, 1700, 480), 200n * MS)
    expect(blocks.map(({ header: h }) => [h.sequence, h.firstFrame, h.frames, h.flags])).toEqual([
      [0n, 0n, 480, 0],
      [1n, 480n, 220, 0],
      [2n, 1700n, 480, FLAG_DISCONTINUITY],
    ])
    for (const { header, samples } of blocks)
      expect(checkCount(samples, stream, header.firstFrame)).toEqual({ wrong: 0 })
  })

  test('a loss inside a frame keeps the frame whole', () => {
    const stream = { format: 's32', channels: 2, rate: 48_000 } as const
    const bytes = counted(stream, 0, 100)
    const { blocks, make } = maker(stream, 48)
    make.push(bytes.slice(0, 403), MS)
    make.lost(10)
    make.push(bytes.slice(403), 2n * MS)
    make.flush()
    expect(Buffer.concat(blocks.map((b) => b.samples)).equals(bytes)).toBe(true)
    expect(blocks.at(-1)!.header.firstFrame + BigInt(blocks.at(-1)!.header.frames)).toBe(110n)
  })

  test('a step of UTC is flagged once', () => {
    const stream = { format: 's16', channels: 1, rate: 48_000 } as const
    const { blocks, make, clock } = maker(stream, 480)
    make.push(counted(stream, 0, 480), clock.monotonicNs())
    clock.observe(clock.monotonicNs(), Date.now() - 3_600_000)
    make.push(counted(stream, 480, 960), clock.monotonicNs())
    expect(blocks.map((b) => b.header.flags)).toEqual([0, FLAG_CLOCK_STEPPED, 0])
  })
})

describe('counting signal', () => {
  test.each([
    ['s16', 65_535 + 3, [2, 0]],
    ['s24', 0xfffffe, [0xfe, 0xff, 0xff]],
    ['s32', 2 ** 32 + 258, [2, 1, 0, 0]],
  ] as const)('%s keeps the low bits', (format, position, bytes) => {
    expect([...counted({ format, channels: 1, rate: 48_000 }, position, 1)]).toEqual([...bytes])
  })

  test('f32 is a fraction of 2^24', () => {
    const out = counted({ format: 'f32', channels: 1, rate: 48_000 }, 2 ** 24 + 2 ** 22, 1)
    expect(new DataView(out.buffer).getFloat32(0, true)).toBe(0.25)
  })

  test('the check finds what was changed', () => {
    const stream = { format: 's32', channels: 2, rate: 48_000 } as const
    const bytes = counted(stream, 1000, 100)
    expect(checkCount(bytes, stream, 1001n)).toEqual({ wrong: 100, firstWrong: 0 })
    bytes[50 * 8 + 5]! ^= 1
    expect(checkCount(bytes, stream, 1000n)).toEqual({ wrong: 1, firstWrong: 50 })
  })
})

describe('clocks', () => {
  test('UTC is known to better than its millisecond', () => {
    const clock = new SystemClock()
    const truth = 1_700_000_000_000_400_000n
    const noise = uniformNoise(5)
    let now = 5_000_000_000n
    for (let i = 0; i < 2000; i++) {
      now += BigInt(Math.round(10_000_000 + noise() * 300_000))
      expect(clock.observe(now, Number((truth + now) / MS))).toBe(false)
    }
    expect(Math.abs(Number(clock.utcOf(now) - now - truth))).toBeLessThan(50_000)
    expect(clock.observe(now + MS, Number((truth + now) / MS) + 1000)).toBe(true)
    expect(clock.steps).toBe(1)
  })

  /** Arrivals of a device whose clock is off by `drift`, late by up to 8 ms now and then; returns the largest error, s. */
  function worstError(drift: number, seconds: number): number {
    const clock = new ArrivalClock(48_000)
    const noise = uniformNoise(11)
    let worst = 0
    let before = 0n
    for (let i = 1; i <= seconds * 100; i++) {
      const truth = 1 + (i / 100) * (1 + drift)
      const late = 0.0002 + (i % 7 === 0 ? Math.abs(noise()) * 0.0046 : 0)
      const end = clock.arrived(480, BigInt(Math.round((truth + late) * 1e9)))
      expect(end).toBeGreaterThan(before)
      before = end
      expect(clock.missing()).toBe(0)
      if (i > 100) worst = Math.max(worst, Math.abs(Number(end) / 1e9 - truth - 0.0002))
    }
    return worst
  }

  test.each([0, 0.0002, -0.0002])('capture times are smooth and true with a drift of %f', (drift) => {
    expect(worstError(drift, 600)).toBeLessThan(0.0005)
  })

  test('a lasting delay is missing sound; a passing one is not', () => {
    const clock = new ArrivalClock(48_000)
    let now = 10n ** 9n
    const arrive = (stepMs: bigint): number => {
      now += stepMs * MS
      clock.arrived(480, now)
      const missing = clock.missing()
      if (missing > 0) clock.lost(missing)
      return missing
    }
    for (let i = 0; i < 300; i++) expect(arrive(10n)).toBe(0)
    // A stall of 1 s that is made up for.
    expect(arrive(1000n)).toBe(0)
    for (let i = 0; i < 99; i++) expect(arrive(0n)).toBe(0)
    for (let i = 0; i < 500; i++) expect(arrive(10n)).toBe(0)
    // A stall of 1 s that is not.
    let found = arrive(1010n)
    for (let i = 0; i < 450; i++) found += arrive(10n)
    expect(Math.abs(found - 48_000)).toBeLessThan(480)
  })
})
