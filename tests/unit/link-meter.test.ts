import { describe, expect, it } from 'vitest'
import { LINK_HISTORY_SECONDS } from '#contract/link-health.ts'
import { LinkMeter } from '#engine/forensics/link-meter.ts'
import type { BlockHeader } from '#wire/packet.ts'

const MS = 1_000_000n
const S = 1000n * MS

function block(index: number, stream = 7n, shift = 0n): BlockHeader {
  return {
    format: 's16',
    channels: 1,
    rate: 48_000,
    flags: 0,
    stream,
    sequence: BigInt(index),
    firstFrame: BigInt(index * 480),
    monotonicNs: BigInt(index) * 10n * MS + shift,
    utcNs: 0n,
    frames: 480,
    crc: 0,
  }
}

/** A second of blocks of which the i-th is late by `late(i)` ms. */
function second(meter: LinkMeter, from: number, late: (index: number) => number): void {
  for (let i = from; i < from + 100; i++) {
    const latency = BigInt(late(i)) * MS
    meter.block(BigInt(i + 1) * 10n * MS + latency, block(i), 960, latency)
  }
}

describe('the meter of a link', () => {
  it('has mean and largest latency, what came, and its bits with headers', () => {
    const meter = new LinkMeter()
    meter.tick(0n, 1000)
    expect(meter.newest).toBeUndefined()
    second(meter, 0, (i) => (i === 50 ? 105 : 5))
    meter.answered(3.5)
    meter.missing(340)
    meter.tick(S, 2000)
    expect(meter.newest).toMatchObject({ at: 2000, latencyMs: 6, latencyMaxMs: 105, roundTripMs: 3.5, missingMs: 340 })
    expect(meter.newest!.heardMs).toBeCloseTo(1000, 9)
    expect(meter.newest!.bitsPerSecond).toBe(100 * (960 + 64) * 8)
  })

  it('has jitter as RFC 3550 defines it: a sixteenth of each change of transit', () => {
    const meter = new LinkMeter()
    meter.tick(0n, 0)
    let jitter = 0
    second(meter, 0, (i) => (i % 3) * 4)
    for (let i = 1; i < 100; i++) jitter += (Math.abs((i % 3) * 4 - ((i - 1) % 3) * 4) - jitter) / 16
    meter.tick(S, 1000)
    expect(meter.newest!.jitterMs).toBeCloseTo(jitter, 9)
    // Between two streams there is nothing to compare.
    meter.block(3n * S, block(0, 8n, 500n * S), 960, undefined)
    meter.tick(2n * S, 2000)
    expect(meter.newest).toMatchObject({ jitterMs: 0 })
    expect(meter.newest!.latencyMs).toBeUndefined()
  })

  it('says nothing of a second without sound', () => {
    const meter = new LinkMeter()
    meter.tick(0n, 0)
    second(meter, 0, () => 5)
    meter.tick(S, 1000)
    meter.tick(2n * S, 2000)
    expect(meter.history(0)).toEqual({
      at: [1000, 2000],
      latencyMs: [5, null],
      latencyMaxMs: [5, null],
      jitterMs: [0, null],
      roundTripMs: [null, null],
      heardMs: [expect.closeTo(1000, 6), 0],
      missingMs: [0, 0],
    })
    expect(meter.history(1000).at).toEqual([2000])
    expect(meter.history(2000).at).toEqual([])
  })

  it('keeps ten minutes', () => {
    const meter = new LinkMeter()
    for (let i = 0; i <= LINK_HISTORY_SECONDS + 50; i++) meter.tick(BigInt(i) * S, i * 1000)
    const { at } = meter.history(0)
    expect(at).toHaveLength(LINK_HISTORY_SECONDS)
    expect(at[0]).toBe(51_000)
  })
})
