/** The header of an ordinary block: 10 ms of one channel at the beginning of a stream. */
import { encodeHeader, HEADER_BYTES, type BlockHeader } from '#wire/packet.ts'

export const HEADER: BlockHeader = {
  format: 's16',
  channels: 1,
  rate: 48_000,
  flags: 0,
  stream: 1n,
  sequence: 0n,
  firstFrame: 0n,
  monotonicNs: 0n,
  utcNs: 0n,
  frames: 480,
  crc: 0,
}

/** Its bytes, but for what `spoil` does to them. */
export function headerBytes(header: BlockHeader = HEADER, spoil?: (view: DataView) => void): Uint8Array {
  const out = new Uint8Array(HEADER_BYTES)
  encodeHeader(header, out)
  spoil?.(new DataView(out.buffer))
  return out
}

/** As a node of another wire version writes it. */
export function headerOfVersion(version: number): Uint8Array {
  return headerBytes(HEADER, (view) => view.setUint8(4, version))
}
