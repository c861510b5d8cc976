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
const C_VALUES = memory.data(8 * (4096 + 6), 16)

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
  store<f64>(state, max(load<f64>(state, 88), highestCrest(frames)), 88)
  v128.store(state, v128.load(c - 8), 96)
}

/** Of the values from the one before the first frame to the last but one; 0 where there is none. */
function highestCrest(frames: i32): f64 {
  const last = C_VALUES + 8 + ((<usize>frames) << 3)
  let highest = f64x2.splat(0)
  let c = C_VALUES + 8
  for (; c + 16 <= last; c += 16) highest = f64x2.pmax(highest, crests(c))
  const crest = max(f64x2.extract_lane(highest, 0), f64x2.extract_lane(highest, 1))
  return c < last ? max(crest, f64x2.extract_lane(crests(c), 0)) : crest
}

/** Sizes of the crests at `c` and the value after it, each between its neighbours; 0 where there is none. */
function crests(c: usize): v128 {
  const value = v128.load(c)
  const sign = v128.and(value, f64x2.splat(-0.0))
  const size = v128.xor(value, sign)
  const before = v128.xor(v128.load(c - 8), sign)
  const after = v128.xor(v128.load(c, 8), sign)
  const widest = f64x2.pmax(f64x2.abs(before), f64x2.abs(after))
  const bend = f64x2.sub(f64x2.sub(f64x2.add(size, size), before), after)
  const slope = f64x2.sub(after, before)
  const rise = f64x2.div(f64x2.mul(slope, slope), f64x2.mul(bend, f64x2.splat(8)))
  const top = f64x2.add(size, v128.and(rise, f64x2.gt(bend, f64x2.splat(0))))
  return v128.and(top, f64x2.le(widest, size))
}
