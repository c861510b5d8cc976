/** src/dsp/vectors.ts, several samples at a time. */
import { toDb } from './log-columns'

const CLIP_LEVEL: f32 = 0.999969482421875

/** Adds to energy, sum, peak and clips at `sums`, 8 bytes each. */
export function addLevels(x: usize, captured: usize, frames: i32, sums: usize): void {
  const end = x + ((<usize>frames) << 2)
  let energy = f64x2.splat(0)
  let more = f64x2.splat(0)
  let sum = f64x2.splat(0)
  let peak = f32x4.splat(0)
  let clips = i32x4.splat(0)
  for (; x + 16 <= end; x += 16, captured += 16) {
    const samples = v128.load(x)
    const low = f64x2.promote_low_f32x4(samples)
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(samples, samples, 2, 3, 2, 3))
    energy = f64x2.relaxed_madd(low, low, energy)
    more = f64x2.relaxed_madd(high, high, more)
    sum = f64x2.add(sum, f64x2.add(low, high))
    const size = f32x4.abs(samples)
    peak = f32x4.pmax(peak, v128.and(size, f32x4.lt(size, f32x4.splat(Infinity))))
    // A comparison that holds is -1.
    clips = i32x4.sub(clips, f32x4.ge(f32x4.abs(v128.load(captured)), f32x4.splat(CLIP_LEVEL)))
  }
  energy = f64x2.add(energy, more)
  let energies = f64x2.extract_lane(energy, 0) + f64x2.extract_lane(energy, 1)
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  let largest = max<f32>(
    max<f32>(f32x4.extract_lane(peak, 0), f32x4.extract_lane(peak, 1)),
    max<f32>(f32x4.extract_lane(peak, 2), f32x4.extract_lane(peak, 3)),
  )
  let count =
    i32x4.extract_lane(clips, 0) +
    i32x4.extract_lane(clips, 1) +
    i32x4.extract_lane(clips, 2) +
    i32x4.extract_lane(clips, 3)
  for (; x < end; x += 4, captured += 4) {
    const sample = load<f32>(x)
    energies += <f64>sample * <f64>sample
    total += <f64>sample
    if (abs<f32>(sample) < Infinity) largest = max<f32>(largest, abs<f32>(sample))
    if (abs<f32>(load<f32>(captured)) >= CLIP_LEVEL) count++
  }
  store<f64>(sums, load<f64>(sums) + energies)
  store<f64>(sums, load<f64>(sums, 8) + total, 8)
  store<f64>(sums, max(load<f64>(sums, 16), <f64>largest), 16)
  store<f64>(sums, load<f64>(sums, 24) + <f64>count, 24)
}

export function clips(x: usize, frames: i32): bool {
  const end = x + ((<usize>frames) << 2)
  const level = f32x4.splat(CLIP_LEVEL)
  for (; x + 16 <= end; x += 16) if (v128.any_true(f32x4.ge(f32x4.abs(v128.load(x)), level))) return true
  for (; x < end; x += 4) if (abs<f32>(load<f32>(x)) >= CLIP_LEVEL) return true
  return false
}

export function blend(average: usize, values: usize, count: i32, share: f64): void {
  const end = average + ((<usize>count) << 3)
  const old = f64x2.splat(1 - share)
  const fresh = f64x2.splat(share)
  for (; average + 16 <= end; average += 16, values += 16) {
    v128.store(average, f64x2.relaxed_madd(v128.load(average), old, f64x2.mul(v128.load(values), fresh)))
  }
  if (average < end) store<f64>(average, load<f64>(average) * (1 - share) + load<f64>(values) * share)
}

/** In place, and up to three values more. */
export function powersToDb(values: usize, count: i32): void {
  const end = values + ((<usize>count) << 2)
  for (; values < end; values += 16) v128.store(values, toDb(v128.load(values)))
}

const TINY: f64 = 1e-100

/** Rows of `bands` doubles at `rows`; bands in pairs, the last by itself where they are odd. */
export function hearPowers(rows: usize, bands: i32, fast: f64, slow: f64, powers: usize, counts: bool): void {
  const row = (<usize>bands) << 3
  const end = rows + row
  while (rows + 16 <= end) {
    hearPair(rows, row, fast, slow, v128.load(powers), counts, true)
    rows += 16
    powers += 16
  }
  if (rows < end) hearPair(rows, row, fast, slow, v128.load64_zero(powers), counts, false)
}

function hearPair(at: usize, row: usize, fast: f64, slow: f64, power: v128, counts: bool, both: bool): void {
  const one = f64x2.splat(1)
  const f = moved(at + row, power, fast, both)
  moved(at, one, fast, both)
  moved(at + 3 * row, power, slow, both)
  moved(at + 2 * row, one, slow, both)
  if (!counts) return
  keep(at + 4 * row, f64x2.add(v128.load(at + 4 * row), power), both)
  keep(at + 5 * row, f64x2.add(v128.load(at + 5 * row), one), both)
  keep(at + 6 * row, f64x2.pmax(v128.load(at + 6 * row), f), both)
}

/** Moves the values at `at` by `share` of the way to others. */
function moved(at: usize, to: v128, share: f64, both: bool): v128 {
  const old = v128.load(at)
  const fresh = f64x2.relaxed_madd(f64x2.splat(share), f64x2.sub(to, old), old)
  const kept = v128.andnot(fresh, f64x2.lt(fresh, f64x2.splat(TINY)))
  keep(at, kept, both)
  return kept
}

function keep(at: usize, values: v128, both: bool): void {
  if (both) v128.store(at, values)
  else v128.store64_lane(at, values, 0)
}

const LEAST_COVER: f64 = 0.5
const WHOLE_COVER: f64 = 0.9
const FORGOTTEN: f64 = 1e-3

/** Bytes of a row, and places of I and of the held impulse. */
const ROW: usize = 64
const IMPULSE: usize = 48
const HELD: usize = 256

/** `rows`: the values of `TickRows`. `powers`: A, C, Z, share that was heard. */
export function hearTick(
  rows: usize,
  fast: f64,
  slow: f64,
  impulse: f64,
  fall: f64,
  powers: usize,
  counts: bool,
): void {
  const steps = f64x2.replace_lane(f64x2.splat(fast), 1, slow)
  const share = load<f64>(powers, 24)
  for (let i: usize = 0; i < 3; i++)
    hearFastAndSlow(rows + (i << 4), steps, load<f64>(powers + (i << 3)), share, counts)

  let cover = load<f64>(rows, IMPULSE)
  let mean = load<f64>(rows, ROW + IMPULSE)
  cover += impulse * (share - cover)
  mean += impulse * (load<f64>(powers) - mean)
  const forgotten = share == 0 && cover < FORGOTTEN
  if (forgotten) cover = 0
  if (forgotten || mean < TINY) mean = 0
  const known = cover >= LEAST_COVER
  const average = known ? mean / cover : 0
  if (!(mean > 0 || known)) fall = 0
  let held = load<f64>(rows, HELD) * fall
  let least = load<f64>(rows, HELD + 8) * fall
  if (!(held > average && held > TINY)) held = average
  if (!(least > mean && least > TINY)) least = mean
  store<f64>(rows, cover, IMPULSE)
  store<f64>(rows, mean, ROW + IMPULSE)
  store<f64>(rows, held, HELD)
  store<f64>(rows, least, HELD + 8)
  if (!counts) return
  store<f64>(rows, max(load<f64>(rows, 2 * ROW + IMPULSE), least), 2 * ROW + IMPULSE)
  if (cover >= WHOLE_COVER) store<f64>(rows, min(load<f64>(rows, 3 * ROW + IMPULSE), held), 3 * ROW + IMPULSE)
}

function hearFastAndSlow(at: usize, steps: v128, power: f64, share: f64, counts: bool): void {
  let cover = v128.load(at)
  let mean = v128.load(at, ROW)
  cover = f64x2.relaxed_madd(steps, f64x2.sub(f64x2.splat(share), cover), cover)
  mean = f64x2.relaxed_madd(steps, f64x2.sub(f64x2.splat(power), mean), mean)
  mean = v128.andnot(mean, f64x2.lt(mean, f64x2.splat(TINY)))
  if (share == 0) {
    const forgotten = f64x2.lt(cover, f64x2.splat(FORGOTTEN))
    cover = v128.andnot(cover, forgotten)
    mean = v128.andnot(mean, forgotten)
  }
  v128.store(at, cover)
  v128.store(at, mean, ROW)
  if (!counts) return
  v128.store(at, f64x2.pmax(v128.load(at, 2 * ROW), mean), 2 * ROW)
  const least = v128.load(at, 3 * ROW)
  const lower = f64x2.pmin(least, f64x2.div(mean, cover))
  v128.store(at, v128.bitselect(lower, least, f64x2.ge(cover, f64x2.splat(WHOLE_COVER))), 3 * ROW)
}
