/**
 * What stands before the sound in a WAV file. It has the same length from the first moment to the last, so that no sample
 * ever moves: chunks JUNK (or ds64), bext, fmt, fact, data.
 */
import wavefile from 'wavefile'
import { frameBytes, sampleBytes, type StreamFormat } from '#shared/pcm.ts'
import { BEXT_BYTES } from './bext.ts'

const UNKNOWN_SIZE = 0xffffffff
/** Of the ds64 chunk without a table, and of the JUNK chunk that keeps its place. */
const DS64_BYTES = 28
/** RIFF head, and the JUNK chunk behind it. */
const BEXT_AT = 12 + 8 + DS64_BYTES
/** WAVE_FORMAT_EXTENSIBLE: without it programs guess what more than two channels are, and warn of more than 16 bits. */
const EXTENSIBLE = 0xfffe
/** The plain form where nothing is left to guess: programs that know no other are many, Python's before 3.12 among them. */
const PCM = 1
/** Floats have the plain form too: of the extended one sox wants an extension that the others do not expect. */
const FLOAT = 3
/** What follows the kind of samples in every KSDATAFORMAT_SUBTYPE. */
const SUBTYPE_TAIL = [0x00100000, 0xaa000080, 0x719b3800]
/** Speakers of mono (front centre) and stereo (front left and right). More channels are microphones without such a place. */
const SPEAKERS: Readonly<Record<number, number>> = { 1: 0x4, 2: 0x3 }

/**
 * The bytes before the first sample, of a file that is still growing: sizes are 0xFFFFFFFF, which programs read to the end
 * of the file. `bext`: contents of that chunk, BEXT_BYTES; zeros where absent.
 */
export function wavHeader(format: StreamFormat, bext: Buffer = Buffer.alloc(BEXT_BYTES)): Buffer {
  const float = format.format === 'f32'
  const bits = sampleBytes(format.format) * 8
  const wav = new wavefile.WaveFile()
  wav.fromScratch(format.channels, format.rate, float ? '32f' : `${bits}`, [])
  // The space for ds64 has to be the first chunk.
  Object.assign(wav.junk, { chunkId: 'JUNK', chunkData: Array.from({ length: DS64_BYTES }, () => 0) })
  const plain = float ? { chunkSize: 18, audioFormat: FLOAT, cbSize: 0 } : { chunkSize: 16, audioFormat: PCM }
  const extended = { chunkSize: 40, audioFormat: EXTENSIBLE, cbSize: 22, validBitsPerSample: bits }
  const places = { dwChannelMask: SPEAKERS[format.channels] ?? 0, subformat: [PCM, ...SUBTYPE_TAIL] }
  const isPlain = float || (bits === 16 && format.channels <= 2)
  Object.assign(wav.fmt, isPlain ? plain : { ...extended, ...places })
  Object.assign(wav.fact, { chunkId: 'fact', chunkSize: 4, dwSampleLength: UNKNOWN_SIZE })
  const written = Buffer.from(wav.toBuffer())
  const tag = Buffer.from('bext\0\0\0\0', 'latin1')
  tag.writeUInt32LE(BEXT_BYTES, 4)
  const header = Buffer.concat([written.subarray(0, BEXT_AT), tag, bext, written.subarray(BEXT_AT)])
  header.writeUInt32LE(UNKNOWN_SIZE, 4)
  header.writeUInt32LE(UNKNOWN_SIZE, header.length - 4)
  return header
}

/**
 * The header with its final sizes: RIFF, or RF64 (EBU Tech 3306) where they do not fit into 32 bits. `dataBytes` is exact,
 * a pad byte is the caller's to write; `trailingBytes`: chunks behind the sound.
 */
export function finalHeader(format: StreamFormat, dataBytes: number, bext?: Buffer, trailingBytes = 0): Buffer {
  const header = wavHeader(format, bext)
  const frames = dataBytes / frameBytes(format)
  const riffBytes = header.length - 8 + dataBytes + (dataBytes & 1) + trailingBytes
  header.writeUInt32LE(Math.min(frames, UNKNOWN_SIZE), header.length - 12)
  if (riffBytes < UNKNOWN_SIZE) {
    header.writeUInt32LE(riffBytes, 4)
    header.writeUInt32LE(dataBytes, header.length - 4)
    return header
  }
  header.write('RF64', 0, 'latin1')
  header.write('ds64', 12, 'latin1')
  header.writeBigUInt64LE(BigInt(riffBytes), 20)
  header.writeBigUInt64LE(BigInt(dataBytes), 28)
  header.writeBigUInt64LE(BigInt(frames), 36)
  return header
}

/** Contents of the bext chunk in a header that `wavHeader` or `finalHeader` made. */
export function bextOf(header: Buffer): Buffer {
  return header.subarray(BEXT_AT + 8, BEXT_AT + 8 + BEXT_BYTES)
}
