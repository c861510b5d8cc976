import type { SampleFormat } from '#shared/pcm.ts'

/**
 * Interleaved samples, full scale = ±1, to the bytes that a device would give: rounded to the nearest step and clipped.
 * `out` holds exactly `samples.length` samples.
 */
export function encodeSamples(samples: Float64Array, format: SampleFormat, out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  const n = samples.length
  switch (format) {
    case 'f32':
      for (let i = 0; i < n; i++) view.setFloat32(i * 4, samples[i]!, true)
      break
    case 's32':
      for (let i = 0; i < n; i++) view.setInt32(i * 4, step(samples[i]!, 0x80000000), true)
      break
    case 's24':
      for (let i = 0; i < n; i++) {
        const v = step(samples[i]!, 0x800000)
        view.setInt16(i * 3, v, true)
        view.setInt8(i * 3 + 2, v >> 16)
      }
      break
    case 's16':
      for (let i = 0; i < n; i++) view.setInt16(i * 2, step(samples[i]!, 0x8000), true)
      break
  }
}

function step(sample: number, fullScale: number): number {
  const v = Math.round(sample * fullScale)
  return v >= fullScale ? fullScale - 1 : v < -fullScale ? -fullScale : v
}
