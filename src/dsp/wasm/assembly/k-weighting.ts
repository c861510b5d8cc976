/**
 * K-weighting: lane 0 is the shelf, lane 1 the high-pass, which works on the sample before. Both sections so take one step
 * at a time, and one channel fills both lanes.
 *
 * Filter, 16 bytes each, a lane a section: b0, b1 - a1 b0, b2 - a2 b0, -a1, -a2 (state-space form: one multiply-add from
 * a state to the next). State: s1, s2, 16 bytes each, then the energy, 8 bytes.
 */
export function kWeightedEnergy(state: usize, filter: usize, x: usize, frames: i32): void {
  const b0 = v128.load(filter)
  const b1 = v128.load(filter, 16)
  const b2 = v128.load(filter, 32)
  const a1 = v128.load(filter, 48)
  const a2 = v128.load(filter, 64)
  let s1 = v128.load(state)
  let s2 = v128.load(state, 16)
  // In the lane of the high-pass, and sample by sample: sums do not depend on how the sound was cut.
  let energy = f64x2.splat(load<f64>(state, 32))

  // The shelf alone, on the first sample.
  let input = f64x2.replace_lane(f64x2.splat(0), 0, <f64>load<f32>(x))
  let y = f64x2.relaxed_madd(b0, input, s1)
  let next = f64x2.relaxed_madd(a1, s1, f64x2.relaxed_madd(b1, input, s2))
  s2 = v128.shuffle<f64>(f64x2.relaxed_madd(a2, s1, f64x2.mul(b2, input)), s2, 0, 3)
  s1 = v128.shuffle<f64>(next, s1, 0, 3)

  const end = x + ((<usize>frames) << 2)
  for (x += 4; x < end; x += 4) {
    input = v128.shuffle<f64>(f64x2.promote_low_f32x4(v128.load32_zero(x)), y, 0, 2)
    y = f64x2.relaxed_madd(b0, input, s1)
    next = f64x2.relaxed_madd(a1, s1, f64x2.relaxed_madd(b1, input, s2))
    s2 = f64x2.relaxed_madd(a2, s1, f64x2.mul(b2, input))
    s1 = next
    energy = f64x2.relaxed_madd(y, y, energy)
  }

  // The high-pass alone, on the last.
  input = v128.shuffle<f64>(f64x2.splat(0), y, 0, 2)
  y = f64x2.relaxed_madd(b0, input, s1)
  next = f64x2.relaxed_madd(a1, s1, f64x2.relaxed_madd(b1, input, s2))
  v128.store(state, v128.shuffle<f64>(s1, next, 0, 3))
  v128.store(state, v128.shuffle<f64>(s2, f64x2.relaxed_madd(a2, s1, f64x2.mul(b2, input)), 0, 3), 16)
  energy = f64x2.relaxed_madd(y, y, energy)
  store<f64>(state, f64x2.extract_lane(energy, 1), 32)
}
