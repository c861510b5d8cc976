/**
 * Reads the head of a WAV file from its first bytes, so that a file of any size can be streamed from `dataOffset`.
 * RIFF and RF64 (EBU Tech 3306), PCM and IEEE float, plain or WAVE_FORMAT_EXTENSIBLE.
 */
import { fail, ok, type Result } from './result.ts'
import { MAX_CHANNELS, MAX_RATE, MIN_RATE, sampleBytes, type SampleFormat, type StreamFormat } from './pcm.ts'

export interface WavHead {
  readonly format: StreamFormat
  /** Byte offset of the first sample. */
  readonly dataOffset: number
  /** Bytes of samples that the header promises; undefined while the file is still being written. */
  readonly dataBytes: number | undefined
}

/** How many bytes of the file's beginning to hand to `readWavHead`; metadata chunks before the sound fit in this. */
export const WAV_HEAD_BYTES = 1 << 20

const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe
const UNKNOWN_SIZE = 0xffffffff

export function readWavHead(head: Uint8Array): Result<WavHead> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const tag = (at: number): string => String.fromCharCode(...head.subarray(at, at + 4))
  if (head.length < 12 || !['RIFF', 'RF64'].includes(tag(0)) || tag(8) !== 'WAVE')
    return fail('bad-wav', 'This is not a WAV file (it does not begin with RIFF or RF64 and WAVE).')
  let format: StreamFormat | undefined
  let longData: number | undefined
  for (let at = 12; at + 8 <= head.length;) {
    const id = tag(at)
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (id === 'data') {
      if (!format) return fail('bad-wav', 'This WAV file has no format before its sound.')
      return ok({ format, dataOffset: body, dataBytes: size === UNKNOWN_SIZE ? longData : size })
    }
    if (id === 'ds64' && body + 16 <= head.length) longData = Number(view.getBigUint64(body + 8, true))
    if (id === 'fmt ') {
      if (size < 16 || body + size > head.length)
        return fail('bad-wav', 'The format part of this WAV file is cut short.')
      const read = readFormat(view, body, size)
      if (!read.ok) return read
      format = read.value
    }
    at = body + size + (size & 1)
  }
  return fail('bad-wav', 'This WAV file holds no sound (no data chunk was found).')
}

function readFormat(view: DataView, at: number, size: number): Result<StreamFormat> {
  let code = view.getUint16(at, true)
  if (code === EXTENSIBLE && size >= 40) code = view.getUint16(at + 24, true)
  const channels = view.getUint16(at + 2, true)
  const rate = view.getUint32(at + 4, true)
  const align = view.getUint16(at + 12, true)
  const bits = view.getUint16(at + 14, true)
  const format = sampleFormatOf(code, bits)
  if (!format)
    return fail(
      'format-unsupported',
      `This WAV file holds ${bits}-bit samples of kind ${code}; use 16, 24 or 32-bit PCM or 32-bit float.`,
    )
  if (channels < 1 || channels > MAX_CHANNELS)
    return fail('format-unsupported', `This WAV file has ${channels} channels; 1 to ${MAX_CHANNELS} can be used.`)
  if (rate < MIN_RATE || rate > MAX_RATE)
    return fail('format-unsupported', `This WAV file has ${rate} Hz; ${MIN_RATE} to ${MAX_RATE} Hz can be used.`)
  if (align !== channels * sampleBytes(format))
    return fail('bad-wav', 'The frame size of this WAV file contradicts its format.')
  return ok({ format, channels, rate })
}

function sampleFormatOf(code: number, bits: number): SampleFormat | undefined {
  if (code === FLOAT) return bits === 32 ? 'f32' : undefined
  if (code !== PCM) return undefined
  return bits === 16 ? 's16' : bits === 24 ? 's24' : bits === 32 ? 's32' : undefined
}
