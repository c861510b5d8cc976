/** Short WAV files for tests, written byte by byte so that nothing but the test decides what is in them. */
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { uniformNoise } from '#producer/sources/tone/pink.ts'

/** A RIFF file of PCM (or float) around `samples`. */
export function wavFile(format: StreamFormat, samples: Uint8Array): Uint8Array {
  const align = frameBytes(format)
  const out = new Uint8Array(44 + samples.byteLength)
  const view = new DataView(out.buffer)
  const tag = (at: number, text: string): void => out.set(Buffer.from(text, 'latin1'), at)
  tag(0, 'RIFF')
  view.setUint32(4, 36 + samples.byteLength, true)
  tag(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, format.format === 'f32' ? 3 : 1, true)
  view.setUint16(22, format.channels, true)
  view.setUint32(24, format.rate, true)
  view.setUint32(28, format.rate * align, true)
  view.setUint16(32, align, true)
  view.setUint16(34, (8 * align) / format.channels, true)
  tag(36, 'data')
  view.setUint32(40, samples.byteLength, true)
  out.set(samples, 44)
  return out
}

/** Bytes of noise: no stretch of it looks like another. */
export function noiseBytes(count: number, seed = 1): Uint8Array {
  const next = uniformNoise(seed)
  return Uint8Array.from({ length: count }, () => Math.floor((next() + 2) * 64) & 255)
}
