/** Captured samples to floats: `decodePlanar` of src/shared/pcm.ts, one channel at a time. */

/** Places in SAMPLE_FORMATS. */
const S16: i32 = 0
const S24: i32 = 1
const S32: i32 = 2

/** `frames` samples at `from`, `step` bytes apart, to `to`; returns how many were not finite and became zero. */
export function decode(format: i32, from: usize, step: usize, frames: i32, to: usize): i32 {
  const end = to + ((<usize>frames) << 2)
  if (format == S16) {
    for (; to < end; to += 4, from += step) store<f32>(to, <f32>load<i16>(from) * (1 / <f32>0x8000))
    return 0
  }
  if (format == S24) {
    for (; to < end; to += 4, from += step) {
      const sample = (<i32>load<u16>(from)) | ((<i32>load<i8>(from, 2)) << 16)
      store<f32>(to, <f32>sample * (1 / <f32>0x800000))
    }
    return 0
  }
  if (format == S32) {
    const scale = f32x4.splat(1 / <f32>0x80000000)
    if (step == 4) {
      for (; to + 16 <= end; to += 16, from += 16)
        v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(v128.load(from)), scale))
    }
    for (; to < end; to += 4, from += step) store<f32>(to, <f32>load<i32>(from) * (1 / <f32>0x80000000))
    return 0
  }
  let replaced = 0
  for (; to < end; to += 4, from += step) {
    const sample = load<f32>(from)
    const finite = abs<f32>(sample) < Infinity
    store<f32>(to, finite ? sample : 0)
    if (!finite) replaced++
  }
  return replaced
}
