/**
 * A, C and Z of one channel, in double precision: src/dsp/weighted-energy.ts. Two sections take each step at once, a lane each:
 * `low` with `high`, which works on the sample before, then `middle` with the one pole of Z.
 *
 * Filter, 16 bytes each: of the first pair b0, b1 - a1 b0, b2 - a2 b0, -a1, -a2, then of the second. State: s1, s2 of either
 * pair, then energies of A and Z, energy and peak of C, and the last two values of C, 8 bytes each.
 */

/** Most frames at a time. */
const MOST: i32 = 4096
/** C-weighted values, the two before them first. */
const C_VALUES = memory.data(8 * (4096 + 4), 16)
/** The parabola through three samples rises at most this far above the middle one. */
const MOST_BETWEEN: f64 = 1.25

export const weightedMost: i32 = MOST

export function weightedEnergy(state: usize, filter: usize, x: usize, frames: i32): void {
  const b0 = v128.load(filter)
  const b1 = v128.load(filter, 16)
  const b2 = v128.load(filter, 32)
  const a1 = v128.load(filter, 48)
  const a2 = v128.load(filter, 64)
  const d0 = v128.load(filter, 80)
  const d1 = v128.load(filter, 96)
  const d2 = v128.load(filter, 112)
  const c1 = v128.load(filter, 128)
  const c2 = v128.load(filter, 144)
  let s1 = v128.load(state)
  let s2 = v128.load(state, 16)
  let t1 = v128.load(state, 32)
  let t2 = v128.load(state, 48)
  let energy = v128.load(state, 64)
  // In the lane of `high`.
  let energyC = f64x2.splat(load<f64>(state, 80))
  v128.store(C_VALUES, v128.load(state, 96))

  // `low` alone, on the first sample.
  let sample = f64x2.promote_low_f32x4(v128.load32_zero(x))
  let y = f64x2.relaxed_madd(b0, sample, s1)
  let next = f64x2.relaxed_madd(a1, s1, f64x2.relaxed_madd(b1, sample, s2))
  s2 = v128.shuffle<f64>(f64x2.relaxed_madd(a2, s1, f64x2.mul(b2, sample)), s2, 0, 3)
  s1 = v128.shuffle<f64>(next, s1, 0, 3)

  let c = C_VALUES + 16
  const end = x + ((<usize>frames) << 2)
  for (x += 4; x < end; x += 4, c += 8) {
    const before = sample
    sample = f64x2.promote_low_f32x4(v128.load32_zero(x))
    const input = v128.shuffle<f64>(sample, y, 0, 2)
    y = f64x2.relaxed_madd(b0, input, s1)
    next = f64x2.relaxed_madd(a1, s1, f64x2.relaxed_madd(b1, input, s2))
    s2 = f64x2.relaxed_madd(a2, s1, f64x2.mul(b2, input))
    s1 = next
    v128.store64_lane(c, y, 1)
    energyC = f64x2.relaxed_madd(y, y, energyC)
    const second = v128.shuffle<f64>(y, before, 1, 2)
    const weighted = f64x2.relaxed_madd(d0, second, t1)
    next = f64x2.relaxed_madd(c1, t1, f64x2.relaxed_madd(d1, second, t2))
    t2 = f64x2.relaxed_madd(c2, t1, f64x2.mul(d2, second))
    t1 = next
    energy = f64x2.relaxed_madd(weighted, weighted, energy)
  }

  // All but `low`, on the last.
  const input = v128.shuffle<f64>(f64x2.splat(0), y, 0, 2)
  y = f64x2.relaxed_madd(b0, input, s1)
  next = f64x2.relaxed_madd(a1, s1, f64x2.relaxed_madd(b1, input, s2))
  s2 = v128.shuffle<f64>(s2, f64x2.relaxed_madd(a2, s1, f64x2.mul(b2, input)), 0, 3)
  s1 = v128.shuffle<f64>(s1, next, 0, 3)
  v128.store64_lane(c, y, 1)
  energyC = f64x2.relaxed_madd(y, y, energyC)
  const second = v128.shuffle<f64>(y, sample, 1, 2)
  const weighted = f64x2.relaxed_madd(d0, second, t1)
  next = f64x2.relaxed_madd(c1, t1, f64x2.relaxed_madd(d1, second, t2))
  t2 = f64x2.relaxed_madd(c2, t1, f64x2.mul(d2, second))
  energy = f64x2.relaxed_madd(weighted, weighted, energy)

  v128.store(state, s1)
  v128.store(state, s2, 16)
  v128.store(state, next, 32)
  v128.store(state, t2, 48)
  v128.store(state, energy, 64)
  store<f64>(state, f64x2.extract_lane(energyC, 1), 80)
  const peak = load<f64>(state, 88)
  const largest = largestOf(frames + 2)
  if (largest * MOST_BETWEEN > peak) {
    // The largest value first: hardly any other can then hold the highest crest.
    const raised = raise(largest, frames, peak)
    store<f64>(state, raise(raised / MOST_BETWEEN, frames, raised), 88)
  }
  v128.store(state, v128.load(c - 8), 96)
}

/** The largest magnitude of C_VALUES. */
function largestOf(count: i32): f64 {
  const end = C_VALUES + ((<usize>count) << 3)
  let most = f64x2.splat(0)
  let c = C_VALUES
  for (; c + 16 <= end; c += 16) most = f64x2.pmax(most, f64x2.abs(v128.load(c)))
  const largest = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
  return c < end ? max(largest, abs<f64>(load<f64>(c))) : largest
}

/** The larger of `peak` and the highest crest of size `least` or more, from the value before the first frame to the last but one. */
function raise(least: f64, frames: i32, peak: f64): f64 {
  const limit = f64x2.splat(least)
  const last = C_VALUES + 8 + ((<usize>frames) << 3)
  for (let c = C_VALUES + 8; c < last; c += 16) {
    if (!v128.any_true(f64x2.ge(f64x2.abs(v128.load(c)), limit))) continue
    peak = max(peak, crest(c))
    if (c + 8 < last) peak = max(peak, crest(c + 8))
  }
  return peak
}

/** Size of the crest at `c`, between its neighbours; 0 where there is none. */
function crest(c: usize): f64 {
  const value = load<f64>(c)
  const sign: f64 = value < 0 ? -1 : 1
  const size = sign * value
  const before = sign * load<f64>(c - 8)
  const after = sign * load<f64>(c, 8)
  if (before > size || after > size || before < -size || after < -size) return 0
  const bend = 2 * size - before - after
  const slope = after - before
  return bend > 0 ? size + (slope * slope) / (8 * bend) : size
}
