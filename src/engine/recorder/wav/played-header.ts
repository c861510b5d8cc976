/** The head of a WAV stream that is made while it is read: nothing but the format and the length, which players need to seek. */
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'

const FLOAT = 3
const UNKNOWN_SIZE = 0xffffffff
const DS64_BYTES = 28

/** RIFF, or RF64 (EBU Tech 3306) where the length does not fit into 32 bits. `format`: of 32-bit floats. */
export function playedHeader(format: StreamFormat, frames: number): Uint8Array {
  const dataBytes = frames * frameBytes(format)
  const long = dataBytes + 36 > UNKNOWN_SIZE
  const header = Buffer.alloc(long ? 44 + 8 + DS64_BYTES : 44)
  header.write(long ? 'RF64' : 'RIFF', 0, 'latin1')
  header.writeUInt32LE(long ? UNKNOWN_SIZE : dataBytes + 36, 4)
  header.write('WAVE', 8, 'latin1')
  if (long) {
    header.write('ds64', 12, 'latin1')
    header.writeUInt32LE(DS64_BYTES, 16)
    header.writeBigUInt64LE(BigInt(dataBytes + header.length - 8), 20)
    header.writeBigUInt64LE(BigInt(dataBytes), 28)
    header.writeBigUInt64LE(BigInt(frames), 36)
  }
  const at = header.length - 32
  header.write('fmt ', at, 'latin1')
  header.writeUInt32LE(16, at + 4)
  header.writeUInt16LE(FLOAT, at + 8)
  header.writeUInt16LE(format.channels, at + 10)
  header.writeUInt32LE(format.rate, at + 12)
  header.writeUInt32LE(format.rate * frameBytes(format), at + 16)
  header.writeUInt16LE(frameBytes(format), at + 20)
  header.writeUInt16LE(32, at + 22)
  header.write('data', at + 24, 'latin1')
  header.writeUInt32LE(long ? UNKNOWN_SIZE : dataBytes, at + 28)
  return header
}
