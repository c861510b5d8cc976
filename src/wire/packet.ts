/**
 * The 64-byte head of a block of sound on the wire, version 1. Field table: docs/wire.md.
 * Pure bytes: the CRC-32 over the samples is computed by the caller, who has a fast one.
 */
import { fail, ok, type Result } from '#shared/result.ts'
import {
  frameBytes,
  MAX_CHANNELS,
  MAX_RATE,
  MIN_RATE,
  SAMPLE_FORMATS,
  type SampleFormat,
  type StreamFormat,
} from '#shared/pcm.ts'

export const PROTOCOL_VERSION = 1
export const HEADER_BYTES = 64
/** `FFLD` read as a little-endian u32. */
export const MAGIC = 0x444c4646
/** One block holds at most this many bytes of samples: 64 channels of 32 bits at 384 kHz for 100 ms is 9.8 MB. */
export const MAX_BLOCK_BYTES = 16 << 20

const KIND_PCM = 1

export const FLAG_DISCONTINUITY = 1
export const FLAG_CLOCK_STEPPED = 2
export const FLAG_BACKFILL = 4

export interface BlockHeader extends StreamFormat {
  /** Sum of FLAG_ values. */
  readonly flags: number
  /** Random, new each time capture starts. */
  readonly stream: bigint
  /** Number of this block in its stream, from 0. */
  readonly sequence: bigint
  /** Position of the first frame since the stream began; frames lost before the node saw them are counted too. */
  readonly firstFrame: bigint
  /** Capture time of the first frame on the node's monotonic clock, ns. */
  readonly monotonicNs: bigint
  /** The same moment in UTC, ns since 1970. */
  readonly utcNs: bigint
  readonly frames: number
  /** CRC-32 (IEEE 802.3) of the samples. */
  readonly crc: number
}

const FORMAT_CODES: Record<SampleFormat, number> = { s16: 1, s24: 2, s32: 3, f32: 4 }
const FORMAT_OF_CODE = new Map(SAMPLE_FORMATS.map((f) => [FORMAT_CODES[f], f]))

/** Writes `header` into the first 64 bytes of `out`. */
export function encodeHeader(header: BlockHeader, out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, HEADER_BYTES)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, PROTOCOL_VERSION)
  view.setUint8(5, KIND_PCM)
  view.setUint8(6, FORMAT_CODES[header.format])
  view.setUint8(7, header.flags)
  view.setUint16(8, header.channels, true)
  view.setUint16(10, HEADER_BYTES, true)
  view.setUint32(12, header.rate, true)
  view.setBigUint64(16, header.stream, true)
  view.setBigUint64(24, header.sequence, true)
  view.setBigUint64(32, header.firstFrame, true)
  view.setBigUint64(40, header.monotonicNs, true)
  view.setBigInt64(48, header.utcNs, true)
  view.setUint32(56, header.frames, true)
  view.setUint32(60, header.crc, true)
}

/**
 * Reads and checks a header against the number of sample bytes that came with it. Never throws, whatever the bytes.
 * Faults: `version-mismatch` when the sender speaks another version, `bad-packet` for everything else.
 */
export function decodeHeader(bytes: Uint8Array, sampleByteCount: number): Result<BlockHeader> {
  if (bytes.length < HEADER_BYTES) return bad(`the header has ${bytes.length} bytes, not ${HEADER_BYTES}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  if (view.getUint32(0, true) !== MAGIC) return bad('it does not begin with FFLD')
  const version = view.getUint8(4)
  if (version !== PROTOCOL_VERSION)
    return fail(
      'version-mismatch',
      `The node speaks wire version ${version} and this workstation version ${PROTOCOL_VERSION}. Update the older of the two.`,
    )
  if (view.getUint8(5) !== KIND_PCM) return bad(`kind ${view.getUint8(5)} is unknown`)
  const format = FORMAT_OF_CODE.get(view.getUint8(6))
  if (!format) return bad(`sample format ${view.getUint8(6)} is unknown`)
  const channels = view.getUint16(8, true)
  if (channels < 1 || channels > MAX_CHANNELS) return bad(`it has ${channels} channels`)
  if (view.getUint16(10, true) !== HEADER_BYTES) return bad('its header length is not 64')
  const rate = view.getUint32(12, true)
  if (rate < MIN_RATE || rate > MAX_RATE) return bad(`its rate is ${rate} Hz`)
  const frames = view.getUint32(56, true)
  if (frames < 1) return bad('it has no frames')
  const expected = frames * frameBytes({ format, channels, rate })
  if (expected > MAX_BLOCK_BYTES) return bad(`it claims ${expected} bytes of samples`)
  if (expected !== sampleByteCount) return bad(`it claims ${expected} bytes of samples and brings ${sampleByteCount}`)
  return ok({
    format,
    channels,
    rate,
    flags: view.getUint8(7),
    stream: view.getBigUint64(16, true),
    sequence: view.getBigUint64(24, true),
    firstFrame: view.getBigUint64(32, true),
    monotonicNs: view.getBigUint64(40, true),
    utcNs: view.getBigInt64(48, true),
    frames,
    crc: view.getUint32(60, true),
  })
}

function bad(why: string): Result<never> {
  return fail('bad-packet', `A packet was refused: ${why}.`)
}
