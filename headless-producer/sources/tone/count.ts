/**
 * The counting signal: every sample of every channel tells the position of its own frame, so that whoever receives it
 * knows without any other help which frames came. Of the position the low bits are kept that the format can hold:
 * s16, s24, s32: the low 16, 24 or 32 bits read as a two's-complement integer; f32: (position mod 2^24) / 2^24, which a
 * float holds exactly.
 */
import { sampleBytes, type StreamFormat } from '#shared/pcm.ts'

const F32_STEPS = 2 ** 24

/** Writes frames `position`, `position + 1`, … as captured bytes. `out` holds a whole number of frames. */
export function writeCount(out: Uint8Array, format: StreamFormat, position: number | bigint): void {
  const { channels } = format
  const bytes = sampleBytes(format.format)
  const frames = out.byteLength / (bytes * channels)
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  // No format keeps more than 32 bits, and beyond 2^53 a number could not count on.
  const low = Number(BigInt.asUintN(32, BigInt(position)))
  let at = 0
  for (let frame = 0; frame < frames; frame++) {
    const p = low + frame
    for (let c = 0; c < channels; c++, at += bytes) {
      if (format.format === 'f32') view.setFloat32(at, (p % F32_STEPS) / F32_STEPS, true)
      else if (format.format === 's32') view.setUint32(at, p % 2 ** 32, true)
      else {
        view.setUint16(at, p % 2 ** 16, true)
        if (format.format === 's24') view.setUint8(at + 2, Math.floor(p / 2 ** 16) % 256)
      }
    }
  }
}

/**
 * Frames of `bytes` that are not what the counting signal has at `firstFrame` and after: how many, and where the first
 * one is (index in `bytes`, in frames).
 */
export function checkCount(
  bytes: Uint8Array,
  format: StreamFormat,
  firstFrame: bigint,
): { readonly wrong: number; readonly firstWrong?: number } {
  const expected = new Uint8Array(bytes.byteLength)
  writeCount(expected, format, firstFrame)
  const frame = sampleBytes(format.format) * format.channels
  let wrong = 0
  let firstWrong: number | undefined
  for (let at = 0; at < bytes.byteLength; at += frame) {
    let same = true
    for (let i = at; i < at + frame; i++) same &&= bytes[i] === expected[i]
    if (same) continue
    wrong++
    firstWrong ??= at / frame
  }
  return firstWrong === undefined ? { wrong } : { wrong, firstWrong }
}
