/** Sample formats and the one conversion from captured bytes to numbers. A frame is one sample of every channel. */

export const SAMPLE_FORMATS = ['s16', 's24', 's32', 'f32'] as const
export type SampleFormat = (typeof SAMPLE_FORMATS)[number]

export interface StreamFormat {
  readonly format: SampleFormat
  /** 1 to MAX_CHANNELS, interleaved. */
  readonly channels: number
  /** Frames a second, MIN_RATE to MAX_RATE. */
  readonly rate: number
}

/** The header gives channels 16 bits; 64 covers every capture device that ALSA names and bounds what a stranger can make us allocate. */
export const MAX_CHANNELS = 64
export const MIN_RATE = 8_000
export const MAX_RATE = 384_000

export function isSampleFormat(value: unknown): value is SampleFormat {
  return typeof value === 'string' && (SAMPLE_FORMATS as readonly string[]).includes(value)
}

export function sampleBytes(format: SampleFormat): number {
  return format === 's16' ? 2 : format === 's24' ? 3 : 4
}

/** Bytes of one frame. */
export function frameBytes(format: StreamFormat): number {
  return sampleBytes(format.format) * format.channels
}

export function sameFormat(a: StreamFormat, b: StreamFormat): boolean {
  return a.format === b.format && a.channels === b.channels && a.rate === b.rate
}

/** "48 kHz · 2 ch · s32", the way every screen and log line names a format. */
export function describeFormat(f: StreamFormat): string {
  return `${f.rate / 1000} kHz · ${f.channels} ch · ${f.format}`
}

/**
 * Interleaved little-endian samples to one plane per channel, full scale = ±1.
 * `bytes` holds `frames * frameBytes(format)` bytes; `planes` has `format.channels` arrays of at least `frames`.
 * Float samples that are not finite become 0, because one NaN would stay in every recursive filter for ever.
 * Returns how many samples were replaced that way.
 */
export function decodePlanar(
  bytes: Uint8Array,
  format: StreamFormat,
  frames: number,
  planes: readonly Float32Array[],
): number {
  const { channels } = format
  const size = sampleBytes(format.format)
  const step = size * channels
  const view = new DataView(bytes.buffer, bytes.byteOffset, frames * step)
  let replaced = 0
  for (let c = 0; c < channels; c++) {
    const plane = planes[c]!
    let at = c * size
    switch (format.format) {
      case 's16':
        for (let i = 0; i < frames; i++, at += step) plane[i] = view.getInt16(at, true) / 0x8000
        break
      case 's24':
        for (let i = 0; i < frames; i++, at += step)
          plane[i] = (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 0x800000
        break
      case 's32':
        for (let i = 0; i < frames; i++, at += step) plane[i] = view.getInt32(at, true) / 0x80000000
        break
      case 'f32':
        for (let i = 0; i < frames; i++, at += step) {
          const v = view.getFloat32(at, true)
          if (Number.isFinite(v)) plane[i] = v
          else {
            plane[i] = 0
            replaced++
          }
        }
        break
    }
  }
  return replaced
}
