/** Blocks for a ring: the counting signal, s32, 48 kHz. */
import { writeCount } from '#producer/sources/tone/count.ts'
import type { RingBlock } from '#wire/backfill.ts'
import { crc32 } from 'node:zlib'

export const RATE = 48_000

export function blockOf(stream: bigint, sequence: number, firstFrame: bigint, frames: number, channels = 1): RingBlock {
  const format = { format: 's32', channels, rate: RATE } as const
  const samples = new Uint8Array(frames * channels * 4)
  writeCount(samples, format, firstFrame)
  const monotonicNs = (firstFrame * 1_000_000_000n) / BigInt(RATE)
  return {
    header: {
      ...format,
      flags: 0,
      stream,
      sequence: BigInt(sequence),
      firstFrame,
      monotonicNs: monotonicNs % 2n ** 63n,
      utcNs: 1_700_000_000_000_000_000n,
      frames,
      crc: crc32(samples),
    },
    samples,
  }
}
