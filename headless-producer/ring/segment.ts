/**
 * One file of the spool: blocks one after another, each as on the wire (header, samples), so that the file explains itself.
 * Beside a finished one stands an index, which only saves time: without it the file is read through, and a last block that
 * was torn by a kill or a power cut is cut off.
 */
import { framesToNs } from '#shared/clock.ts'
import { frameBytes } from '#shared/pcm.ts'
import type { RingBlock } from '#wire/backfill.ts'
import { decodeHeader, encodeHeader, HEADER_BYTES, type BlockHeader } from '#wire/packet.ts'
import { open, readFile, rename, rm, truncate, writeFile, type FileHandle } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import type { Place } from './ring.ts'

export const SEGMENT_SUFFIX = '.blocks'
export const INDEX_SUFFIX = '.index'

/** Where a block stands: its first byte is that of its header. */
export interface Entry extends Place {
  readonly offset: number
  readonly bytes: number
}

export interface Segment {
  readonly path: string
  readonly first: BlockHeader
  last: BlockHeader
  /** Length of the file. */
  bytes: number
  lengthNs: bigint
  /** While it is being written. */
  entries: Entry[] | undefined
}

/**
 * Index file, little-endian: `FFIX`, version, number of entries, CRC-32 of the entries, bytes of the segment (f64), length of
 * its sound in ns (u64); headers of the first and the last block as on the wire; the entries: first frame and sequence
 * (u64), offset and frames (u32).
 */
const INDEX_MAGIC = 0x58494646
const INDEX_VERSION = 1
const INDEX_HEAD = 32 + 2 * HEADER_BYTES
const ENTRY_BYTES = 24
/** Reading through a file gives way to the live sound after so many bytes. */
const PIECE_BYTES = 1 << 20

export async function writeIndex(segment: Segment, entries: readonly Entry[]): Promise<void> {
  const bytes = Buffer.alloc(INDEX_HEAD + entries.length * ENTRY_BYTES)
  for (const [i, entry] of entries.entries()) {
    const at = INDEX_HEAD + i * ENTRY_BYTES
    bytes.writeBigUInt64LE(entry.firstFrame, at)
    bytes.writeBigUInt64LE(entry.sequence, at + 8)
    bytes.writeUInt32LE(entry.offset, at + 16)
    bytes.writeUInt32LE(entry.frames, at + 20)
  }
  bytes.writeUInt32LE(INDEX_MAGIC, 0)
  bytes.writeUInt32LE(INDEX_VERSION, 4)
  bytes.writeUInt32LE(entries.length, 8)
  bytes.writeUInt32LE(crc32(bytes.subarray(INDEX_HEAD)), 12)
  bytes.writeDoubleLE(segment.bytes, 16)
  bytes.writeBigUInt64LE(segment.lengthNs, 24)
  encodeHeader(segment.first, bytes.subarray(32))
  encodeHeader(segment.last, bytes.subarray(32 + HEADER_BYTES))
  const path = segment.path + INDEX_SUFFIX
  await writeFile(`${path}.new`, bytes)
  await rename(`${path}.new`, path)
}

/** A segment by its index; undefined when there is none that fits the file. */
export async function readSegment(path: string, fileBytes: number): Promise<Segment | undefined> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path + INDEX_SUFFIX)
    const head = Buffer.alloc(INDEX_HEAD)
    const { bytesRead } = await handle.read(head, 0, INDEX_HEAD, 0)
    if (bytesRead !== INDEX_HEAD || head.readUInt32LE(0) !== INDEX_MAGIC || head.readUInt32LE(4) !== INDEX_VERSION)
      return undefined
    const first = headerAt(head, 32)
    const last = headerAt(head, 32 + HEADER_BYTES)
    const bytes = head.readDoubleLE(16)
    if (!first || !last || bytes !== fileBytes) return undefined
    return { path, first, last, bytes, lengthNs: head.readBigUInt64LE(24), entries: undefined }
  } catch {
    return undefined
  } finally {
    await handle?.close()
  }
}

/** Where its blocks stand; undefined when there is no index that can be believed. */
export async function readEntries(segment: Segment): Promise<Entry[] | undefined> {
  const bytes = await readFile(segment.path + INDEX_SUFFIX).catch(() => Buffer.alloc(0))
  const count = bytes.byteLength < INDEX_HEAD ? 0 : bytes.readUInt32LE(8)
  const body = bytes.subarray(INDEX_HEAD)
  if (count < 1 || body.byteLength !== count * ENTRY_BYTES || crc32(body) !== bytes.readUInt32LE(12)) return undefined
  const size = frameBytes(segment.first)
  return Array.from({ length: count }, (_, i) => {
    const at = i * ENTRY_BYTES
    const frames = body.readUInt32LE(at + 20)
    return {
      firstFrame: body.readBigUInt64LE(at),
      sequence: body.readBigUInt64LE(at + 8),
      offset: body.readUInt32LE(at + 16),
      frames,
      bytes: frames * size,
    }
  })
}

/** Reads a file through, cuts off what is no whole block, and indexes the rest. Undefined, and the file gone, when nothing is left. */
export async function rebuild(
  path: string,
): Promise<{ readonly segment: Segment; readonly entries: readonly Entry[] } | undefined> {
  const file = await readFile(path)
  const entries: Entry[] = []
  let segment: Segment | undefined
  let at = 0
  let rested = 0
  for (let block = blockAt(file, at); block; block = blockAt(file, at)) {
    const { header, samples } = block
    if (segment && (header.stream !== segment.first.stream || header.sequence <= segment.last.sequence)) break
    segment ??= { path, first: header, last: header, bytes: 0, lengthNs: 0n, entries: undefined }
    segment.last = header
    segment.lengthNs += framesToNs(BigInt(header.frames), header.rate)
    entries.push(entryOf(header, at, samples.byteLength))
    at += HEADER_BYTES + samples.byteLength
    segment.bytes = at
    if (at - rested < PIECE_BYTES) continue
    rested = at
    await setImmediate()
  }
  if (!segment) {
    await remove(path)
    return undefined
  }
  if (at < file.byteLength) await truncate(path, at)
  // The index only saves time, and a full disk has no room for it.
  await writeIndex(segment, entries).catch(() => undefined)
  return { segment, entries }
}

/** The whole blocks from `start` up to `behind`; one whose bytes went bad, and all after it, are left out. */
export async function readBlocks(
  segment: Segment,
  entries: readonly Entry[],
  start: number,
  behind: number,
): Promise<readonly RingBlock[]> {
  const from = entries[start]!.offset
  const last = entries[behind - 1]!
  const bytes = new Uint8Array(last.offset + HEADER_BYTES + last.bytes - from)
  const handle = await open(segment.path)
  try {
    await handle.read(bytes, 0, bytes.byteLength, from)
  } finally {
    await handle.close()
  }
  const blocks: RingBlock[] = []
  for (const entry of entries.slice(start, behind)) {
    const block = blockAt(bytes, entry.offset - from)
    if (block?.header.firstFrame !== entry.firstFrame || block.header.stream !== segment.first.stream) break
    blocks.push(block)
  }
  return blocks
}

export function entryOf(header: BlockHeader, offset: number, bytes: number): Entry {
  return { firstFrame: header.firstFrame, frames: header.frames, sequence: header.sequence, offset, bytes }
}

export async function remove(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(path + INDEX_SUFFIX, { force: true })
}

function headerAt(bytes: Uint8Array, at: number): BlockHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES)
  // A header is checked against its samples; here it stands alone, so by the length that it names itself.
  const size = [0, 2, 3, 4, 4][view.getUint8(6)] ?? 0
  const header = decodeHeader(bytes.subarray(at), view.getUint32(56, true) * view.getUint16(8, true) * size)
  return header.ok ? header.value : undefined
}

/** A whole block with a right CRC, or nothing. */
function blockAt(bytes: Uint8Array, at: number): RingBlock | undefined {
  if (at + HEADER_BYTES > bytes.byteLength) return undefined
  const header = headerAt(bytes, at)
  if (!header) return undefined
  const begin = at + HEADER_BYTES
  const samples = bytes.subarray(begin, begin + header.frames * frameBytes(header))
  if (samples.byteLength !== header.frames * frameBytes(header) || crc32(samples) !== header.crc) return undefined
  return { header, samples }
}
