/**
 * True peak of one channel, as src/dsp/true-peak.ts finds it, in single precision; a lane is a point in time. What is said
 * there is not said again.
 */

/** A0 to A11 and B0 to B3. Loaded, because constants in a loop are made anew each time around. */
const A = memory.data<f32>([
  0.632914872646, -0.201315296047, 0.109890473814, -0.067960993702, 0.043427345768, -0.02757810366, 0.016999929277,
  -0.009977209537, 0.005459015864, -0.002704738189, 0.00115385961, -0.000396149101,
])
const A_END: usize = A + 12 * 4
const B = memory.data<f32>([0.606988304105, -0.136686001725, 0.034899653203, -0.005249731462])

const GROUP: i32 = 128
const HISTORY: i32 = 28
const REACH: i32 = 13
const SPREAD: i32 = 2

/** 1 / cos(pi / 8), and what the parabola is held to where points are further apart. */
const RISE_4: f64 = 1.0823922002923938
const MOST_RISE: f64 = 1.25
/** A lane holds what a float holds; samples beyond this, 740 dB above full scale, count as this. */
const LARGEST: f32 = 1e37

/** Places in a channel's state, bytes: what `truePeakBegin` sets, frames filled, first good one, sizes as in a `Lane`, the samples. */
const FACTOR: usize = 0
const FILLED: usize = 4
const FIRST: usize = 8
const SIZE: usize = 12
const SIZE_BEFORE: usize = 16
const GAIN: usize = 24
const SAMPLES: usize = 32

export function truePeakBytes(): i32 {
  return <i32>SAMPLES + 4 * (HISTORY + GROUP + 32)
}

/** Points of one evaluation by phase, the samples being the fourth; the midway points begin SPREAD intervals early. */
const FIRST_QUARTERS = memory.data(4 * (128 + 32), 16)
const LAST_QUARTERS = memory.data(4 * (128 + 32), 16)
const MIDS = memory.data(4 * (128 + 32), 16)

/** No point is larger than this times the largest sample it is made of: the sum of magnitudes of A, twice, and some for rounding. */
const LARGEST_GAIN: f64 = 2.2396

/** How far the waveform may rise above its points; what the points compete with, and what is worth a look beside it. */
let rise: f64 = 1
let held: f64 = 0
let worth: f32 = 0

/** On a cleared state. Without pruning every group is looked at. */
export function truePeakBegin(state: usize, factor: i32, prune: bool): void {
  store<i32>(state, factor, FACTOR)
  store<i32>(state, HISTORY, FIRST)
  store<f64>(state, prune ? (factor > 1 ? LARGEST_GAIN : 1) : Infinity, GAIN)
}

/** Nothing is looked for between what was and what follows; the open group must have been settled. */
export function truePeakGap(state: usize): void {
  store<i32>(state, 0, FILLED)
  store<i32>(state, HISTORY, FIRST)
}

/** `recent` and `total` point to doubles; `total` is 0 while it is held as it is. */
export function truePeak(state: usize, x: usize, frames: i32, recent: usize, total: usize): void {
  for (let left = frames; left > 0;) {
    const filled = load<i32>(state, FILLED)
    const n = min(GROUP - filled, left)
    raise(recent, total, <f64>take(state, x, filled, n))
    x += (<usize>n) << 2
    left -= n
    store<i32>(state, filled + n, FILLED)
    if (filled + n < GROUP) continue
    truePeakSettle(state, recent, total)
    const samples = state + SAMPLES
    memory.copy(samples, samples + ((<usize>GROUP) << 2), (<usize>HISTORY) << 2)
    store<f32>(state, load<f32>(state, SIZE), SIZE_BEFORE)
    store<f32>(state, 0, SIZE)
    store<i32>(state, 0, FILLED)
    store<i32>(state, max<i32>(0, load<i32>(state, FIRST) - GROUP), FIRST)
  }
}

function raise(recent: usize, total: usize, peak: f64): void {
  if (peak > load<f64>(recent)) store<f64>(recent, peak)
  if (total != 0 && peak > load<f64>(total)) store<f64>(total, peak)
}

/** Copies `n` samples to the open group and returns the largest magnitude of them. */
function take(state: usize, x: usize, filled: i32, n: i32): f32 {
  let to = state + SAMPLES + ((<usize>(HISTORY + filled)) << 2)
  const end = to + ((<usize>n) << 2)
  const limit = f32x4.splat(LARGEST)
  let most = f32x4.splat(0)
  for (; to + 16 <= end; to += 16, x += 16) {
    const samples = v128.load(x)
    const magnitude = f32x4.abs(samples)
    const finite = f32x4.lt(magnitude, f32x4.splat(Infinity))
    const kept = f32x4.pmax(f32x4.neg(limit), f32x4.pmin(limit, v128.and(samples, finite)))
    v128.store(to, kept)
    most = f32x4.pmax(most, f32x4.abs(kept))
  }
  let size = max<f32>(
    max<f32>(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max<f32>(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  )
  for (; to < end; to += 4, x += 4) {
    let sample = load<f32>(x)
    sample = abs<f32>(sample) < Infinity ? max<f32>(-LARGEST, min<f32>(LARGEST, sample)) : 0
    store<f32>(to, sample)
    size = max<f32>(size, abs<f32>(sample))
  }
  store<f32>(state, max<f32>(load<f32>(state, SIZE), size), SIZE)
  return size
}

/** Looks between the samples of the open group, from the last interval of the group before. */
export function truePeakSettle(state: usize, recent: usize, total: usize): void {
  const filled = load<i32>(state, FILLED)
  const from = load<i32>(state, FIRST) + REACH
  const count = HISTORY + filled - REACH - 1 - from
  if (count <= 0 || filled == 0) return
  held = total == 0 ? load<f64>(recent) : min(load<f64>(recent), load<f64>(total))
  const size = <f64>max<f32>(load<f32>(state, SIZE), load<f32>(state, SIZE_BEFORE))
  const factor = load<i32>(state, FACTOR)
  rise = factor == 4 ? RISE_4 : MOST_RISE
  if (size * load<f64>(state, GAIN) * rise <= held) return
  worth = <f32>(held / rise)
  const x = state + SAMPLES + ((<usize>from) << 2)
  if (factor == 4) lookAt4(x, count)
  else if (factor == 2) lookAt2(x, count)
  else lookAt1(x, count)
  raise(recent, total, held)
}

/** The points midway from x[i] to x[i + 1], for i from 0 to `count` and up to 15 more. */
function midway(x: usize, count: i32, out: usize): void {
  const end = x + ((<usize>count) << 2)
  for (; x < end; x += 64, out += 64) {
    let p = f32x4.splat(0)
    let q = f32x4.splat(0)
    let r = f32x4.splat(0)
    let s = f32x4.splat(0)
    let left = x
    let right = x + 4
    for (let tap = A; tap < A_END; tap += 4) {
      const a = v128.load32_splat(tap)
      p = f32x4.relaxed_madd(a, f32x4.add(v128.load(left), v128.load(right)), p)
      q = f32x4.relaxed_madd(a, f32x4.add(v128.load(left, 16), v128.load(right, 16)), q)
      r = f32x4.relaxed_madd(a, f32x4.add(v128.load(left, 32), v128.load(right, 32)), r)
      s = f32x4.relaxed_madd(a, f32x4.add(v128.load(left, 48), v128.load(right, 48)), s)
      left -= 4
      right += 4
    }
    v128.store(out, p)
    v128.store(out, q, 16)
    v128.store(out, r, 32)
    v128.store(out, s, 48)
  }
}

/** Four points an interval. */
function lookAt4(x: usize, count: i32): void {
  midway(x - (SPREAD << 2), count + 2 * SPREAD, MIDS)
  const b0 = v128.load32_splat(B)
  const b1 = v128.load32_splat(B, 4)
  const b2 = v128.load32_splat(B, 8)
  const b3 = v128.load32_splat(B, 12)
  const end = 4 * count - 1
  let limit = f32x4.splat(worth)
  let e = x - 4
  let m = MIDS
  for (let i = 0; i < count; i += 4, e += 16, m += 16) {
    const e0 = v128.load(e, 4)
    const e1 = v128.load(e, 8)
    const m0 = v128.load(m, 8)
    const m1 = v128.load(m, 12)
    const eBefore = v128.load(e)
    const mBefore = v128.load(m, 4)
    const e2 = v128.load(e, 12)
    let p = f32x4.mul(b0, f32x4.add(e0, m0))
    let q = f32x4.mul(b0, f32x4.add(m0, e1))
    p = f32x4.relaxed_madd(b1, f32x4.add(mBefore, e1), p)
    q = f32x4.relaxed_madd(b1, f32x4.add(e0, m1), q)
    p = f32x4.relaxed_madd(b2, f32x4.add(eBefore, m1), p)
    q = f32x4.relaxed_madd(b2, f32x4.add(mBefore, e2), q)
    p = f32x4.relaxed_madd(b3, f32x4.add(v128.load(m), e2), p)
    q = f32x4.relaxed_madd(b3, f32x4.add(eBefore, v128.load(m, 16)), q)
    v128.store(FIRST_QUARTERS + ((<usize>i) << 2), p)
    v128.store(LAST_QUARTERS + ((<usize>i) << 2), q)
    const size = f32x4.pmax(f32x4.pmax(f32x4.abs(p), f32x4.abs(q)), f32x4.pmax(f32x4.abs(e0), f32x4.abs(m0)))
    if (v128.any_true(f32x4.gt(size, limit))) {
      for (let u = max(4 * i, 1); u < min(4 * i + 16, end); u++) top(point4(x, u - 1), point4(x, u), point4(x, u + 1))
      limit = f32x4.splat(worth)
    }
  }
}

function point4(x: usize, u: i32): f32 {
  const at = (<usize>(u >> 2)) << 2
  const phase = u & 3
  if (phase == 0) return load<f32>(x + at)
  if (phase == 1) return load<f32>(FIRST_QUARTERS + at)
  return phase == 2 ? load<f32>(MIDS + (SPREAD << 2) + at) : load<f32>(LAST_QUARTERS + at)
}

/** Two points an interval. */
function lookAt2(x: usize, count: i32): void {
  midway(x, count, MIDS)
  for (let u = 1; u < 2 * count - 1; u++) top(point2(x, u - 1), point2(x, u), point2(x, u + 1))
}

function point2(x: usize, u: i32): f32 {
  const at = (<usize>(u >> 1)) << 2
  return (u & 1) == 0 ? load<f32>(x + at) : load<f32>(MIDS + at)
}

/** The samples are the points. */
function lookAt1(x: usize, count: i32): void {
  for (let u = x + 4; u < x + ((<usize>(count - 1)) << 2); u += 4) top(load<f32>(u - 4), load<f32>(u), load<f32>(u, 4))
}

/** Raises `held` to the top of the parabola through three points, where the middle one is an extremum. */
function top(left: f32, middle: f32, right: f32): void {
  if (!(abs<f32>(middle) > worth)) return
  const sign: f64 = middle < 0 ? -1 : 1
  const size = sign * <f64>middle
  const before = sign * <f64>left
  const after = sign * <f64>right
  if (before > size || after > size) return
  const bend = 2 * size - before - after
  const slope = after - before
  const found = bend > 0 ? min(size + (slope * slope) / (8 * bend), size * rise) : size
  if (found <= held) return
  held = found
  worth = <f32>(held / rise)
}
