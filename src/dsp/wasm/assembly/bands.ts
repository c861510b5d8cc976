/**
 * The third-octave bank of src/dsp/band-bank.ts, one block of one channel, in single precision: every band runs at a rate at
 * which its poles are far from 1. A lane is a band.
 *
 * A bank begins with the number of its stages and an unused word; then, for each stage, the number of its groups of four bands
 * and an unused word, its groups, and (but for the last stage) the samples kept by the half-band filter before the next.
 * Everything is a whole number of 16 bytes. A group: number of sections, 3 unused words, energies (4 lanes), then for each
 * section a1, a2 and two states, 4 lanes each.
 */

/** Longest block. */
const MOST = 4096
const SAMPLES = memory.data(4 * (4096 + 16), 16)
/** Samples of even and odd places, with those kept before them. */
const EVEN = memory.data(4 * (2048 + 32), 16)
const ODD = memory.data(4 * (2048 + 48), 16)
const KEPT = 9
/** Taps on either side of the middle one, nearest first, and half of the middle one: see src/dsp/half-band.ts. */
const TAPS = memory.data<f32>([
  0.30719121079177103, -0.07664114243710786, 0.02495945550790953, -0.006439120835749424, 0.0009386597786298597, 0.5,
])

/** Samples beyond this count as this: their squares must be numbers. Those and states below the other are silence. */
const LARGEST: f32 = 1e15
const LEAST: f32 = 1e-16
/** Energies begin here, so that they never are denormal. */
const NOTHING: f32 = 1e-30

export const bandsMost: i32 = MOST
export const bandsKeptBytes: i32 = 96

/** Filters `frames` from `x`; leaves the sums of squares in the groups. */
export function bands(bank: usize, x: usize, frames: i32): void {
  take(x, frames)
  let stages = load<i32>(bank)
  bank += 16
  for (let n = frames; ; n >>= 1) {
    const groups = load<i32>(bank)
    bank += 16
    for (let group = 0; group < groups; group++) {
      const sections = load<i32>(bank)
      if (sections == 3) filter3(bank + 16, n)
      else filter4(bank + 16, n)
      bank += 32 + ((<usize>sections) << 6)
    }
    if (--stages == 0) return
    halve(bank, n)
    bank += bandsKeptBytes
  }
}

function take(x: usize, frames: i32): void {
  const largest = f32x4.splat(LARGEST)
  for (let at: usize = 0; at < (<usize>frames) << 2; at += 16) {
    const sample = v128.load(x + at)
    // What is infinite becomes NaN, which stays.
    const known = f32x4.add(sample, f32x4.mul(sample, f32x4.splat(0)))
    const kept = f32x4.pmax(f32x4.pmin(known, largest), f32x4.neg(largest))
    v128.store(SAMPLES + at, v128.andnot(kept, f32x4.lt(f32x4.abs(sample), f32x4.splat(LEAST))))
  }
}

/**
 * Three sections. Of a section `v = x - p; p = q + a1 v; q = x + a2 v`: the transposed form of its difference equation, with the
 * signs of its states turned.
 */
function filter3(group: usize, n: i32): void {
  const a1 = v128.load(group, 16)
  const a2 = v128.load(group, 32)
  let p = v128.load(group, 48)
  let q = v128.load(group, 64)
  const b1 = v128.load(group, 80)
  const b2 = v128.load(group, 96)
  let r = v128.load(group, 112)
  let s = v128.load(group, 128)
  const c1 = v128.load(group, 144)
  const c2 = v128.load(group, 160)
  let t = v128.load(group, 176)
  let u = v128.load(group, 192)
  let energy = f32x4.splat(NOTHING)
  const end = SAMPLES + ((<usize>n) << 2)
  for (let at = SAMPLES; at < end; at += 4) {
    const x = v128.load32_splat(at)
    const v = f32x4.sub(x, p)
    p = f32x4.relaxed_madd(a1, v, q)
    q = f32x4.relaxed_madd(a2, v, x)
    const w = f32x4.sub(v, r)
    r = f32x4.relaxed_madd(b1, w, s)
    s = f32x4.relaxed_madd(b2, w, v)
    const y = f32x4.sub(w, t)
    t = f32x4.relaxed_madd(c1, y, u)
    u = f32x4.relaxed_madd(c2, y, w)
    energy = f32x4.relaxed_madd(y, y, energy)
  }
  v128.store(group, energy)
  keep(group + 48, p, q)
  keep(group + 112, r, s)
  keep(group + 176, t, u)
}

function filter4(group: usize, n: i32): void {
  const a1 = v128.load(group, 16)
  const a2 = v128.load(group, 32)
  let p = v128.load(group, 48)
  let q = v128.load(group, 64)
  const b1 = v128.load(group, 80)
  const b2 = v128.load(group, 96)
  let r = v128.load(group, 112)
  let s = v128.load(group, 128)
  const c1 = v128.load(group, 144)
  const c2 = v128.load(group, 160)
  let t = v128.load(group, 176)
  let u = v128.load(group, 192)
  const d1 = v128.load(group, 208)
  const d2 = v128.load(group, 224)
  let f = v128.load(group, 240)
  let g = v128.load(group, 256)
  let energy = f32x4.splat(NOTHING)
  const end = SAMPLES + ((<usize>n) << 2)
  for (let at = SAMPLES; at < end; at += 4) {
    const x = v128.load32_splat(at)
    const v = f32x4.sub(x, p)
    p = f32x4.relaxed_madd(a1, v, q)
    q = f32x4.relaxed_madd(a2, v, x)
    const w = f32x4.sub(v, r)
    r = f32x4.relaxed_madd(b1, w, s)
    s = f32x4.relaxed_madd(b2, w, v)
    const z = f32x4.sub(w, t)
    t = f32x4.relaxed_madd(c1, z, u)
    u = f32x4.relaxed_madd(c2, z, w)
    const y = f32x4.sub(z, f)
    f = f32x4.relaxed_madd(d1, y, g)
    g = f32x4.relaxed_madd(d2, y, z)
    energy = f32x4.relaxed_madd(y, y, energy)
  }
  v128.store(group, energy)
  keep(group + 48, p, q)
  keep(group + 112, r, s)
  keep(group + 176, t, u)
  keep(group + 240, f, g)
}

/** Stores two states, but not what is on its way to denormal numbers. */
function keep(to: usize, p: v128, q: v128): void {
  const least = f32x4.splat(LEAST)
  v128.store(to, v128.andnot(p, f32x4.lt(f32x4.abs(p), least)))
  v128.store(to, v128.andnot(q, f32x4.lt(f32x4.abs(q), least)), 16)
}

/** Replaces `n` samples by half as many. */
function halve(kept: usize, n: i32): void {
  recall(EVEN, kept)
  recall(ODD, kept + 48)
  let even = EVEN + (KEPT << 2)
  let odd = ODD + (KEPT << 2)
  const end = SAMPLES + ((<usize>n) << 2)
  for (let at = SAMPLES; at < end; at += 32, even += 16, odd += 16) {
    const low = v128.load(at)
    const high = v128.load(at, 16)
    v128.store(even, v128.shuffle<f32>(low, high, 0, 2, 4, 6))
    v128.store(odd, v128.shuffle<f32>(low, high, 1, 3, 5, 7))
  }
  const half = (<usize>n) << 1
  recall(kept, EVEN + half)
  recall(kept + 48, ODD + half)
  const t1 = v128.load32_splat(TAPS)
  const t3 = v128.load32_splat(TAPS, 4)
  const t5 = v128.load32_splat(TAPS, 8)
  const t7 = v128.load32_splat(TAPS, 12)
  const t9 = v128.load32_splat(TAPS, 16)
  const middle = v128.load32_splat(TAPS, 20)
  even = EVEN
  odd = ODD + 16
  for (let to = SAMPLES; to < SAMPLES + half; to += 16, even += 16, odd += 16) {
    let sum = f32x4.mul(middle, v128.load(odd))
    sum = f32x4.relaxed_madd(t1, f32x4.add(v128.load(even, 16), v128.load(even, 20)), sum)
    sum = f32x4.relaxed_madd(t3, f32x4.add(v128.load(even, 12), v128.load(even, 24)), sum)
    sum = f32x4.relaxed_madd(t5, f32x4.add(v128.load(even, 8), v128.load(even, 28)), sum)
    sum = f32x4.relaxed_madd(t7, f32x4.add(v128.load(even, 4), v128.load(even, 32)), sum)
    sum = f32x4.relaxed_madd(t9, f32x4.add(v128.load(even), v128.load(even, 36)), sum)
    v128.store(to, sum)
  }
}

/** Copies `KEPT` samples; the two may overlap. */
function recall(to: usize, from: usize): void {
  const first = v128.load(from)
  const second = v128.load(from, 16)
  const last = load<f32>(from, 32)
  v128.store(to, first)
  v128.store(to, second, 16)
  store<f32>(to, last, 32)
}
