/**
 * A second of the history as bytes: u32 second since 1970, u16 ms heard, u16 ms lost, u8 flags, 3 × 0, f64 UTC ms and f64 position
 * of its newest reading, i16 × planes, 2 × 0 where their number is odd, u32 CRC-32 of all before; little-endian.
 */
import { crc32 } from 'node:zlib'
import { planeCount } from './cells.ts'
import type { NodeHistory } from './node-history.ts'

const HEAD = 28

export function recordSize(channels: number): number {
  return HEAD + 4 * Math.ceil(planeCount(channels) / 2) + 4
}

/** Writes second `second` of `history`, which has it, into `out` at `offset`. */
export function writeRecord(history: NodeHistory, second: number, out: Buffer, offset: number): void {
  const { seconds, channels } = history.pyramid
  const place = second % seconds.length
  const size = recordSize(channels)
  out.fill(0, offset, offset + size)
  out.writeUInt32LE(second, offset)
  out.writeUInt16LE(Math.min(seconds.heard[place]!, 0xffff), offset + 4)
  out.writeUInt16LE(Math.min(seconds.lost[place]!, 0xffff), offset + 6)
  out[offset + 8] = seconds.flags[place]!
  out.writeDoubleLE(seconds.at[place]!, offset + 12)
  out.writeDoubleLE(seconds.position[place]!, offset + 20)
  for (let p = 0; p < planeCount(channels); p++) out.writeInt16LE(seconds.planes[p]![place]!, offset + HEAD + 2 * p)
  out.writeUInt32LE(crc32(out.subarray(offset, offset + size - 4)), offset + size - 4)
}

/** Puts a record back, unless it is damaged or the second is there already. */
export function readRecord(history: NodeHistory, channels: number, bytes: Buffer, offset: number): void {
  const size = recordSize(channels)
  if (bytes.readUInt32LE(offset + size - 4) !== crc32(bytes.subarray(offset, offset + size - 4))) return
  const second = bytes.readUInt32LE(offset)
  if (history.has(second)) return
  const { seconds } = history.pyramid
  const place = seconds.open(second)
  seconds.heard[place] = bytes.readUInt16LE(offset + 4)
  seconds.lost[place] = bytes.readUInt16LE(offset + 6)
  seconds.flags[place] = bytes[offset + 8]!
  seconds.at[place] = bytes.readDoubleLE(offset + 12)
  seconds.position[place] = bytes.readDoubleLE(offset + 20)
  for (let p = 0; p < planeCount(channels); p++) seconds.planes[p]![place] = bytes.readInt16LE(offset + HEAD + 2 * p)
  history.restored(second)
}
