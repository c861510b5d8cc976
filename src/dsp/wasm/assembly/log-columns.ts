/**
 * A power spectrum on a log axis: src/dsp/log-columns.ts. Levels are single precision, four at once.
 *
 * Table: where each column begins, its centre and where it ends, in bins, 8 bytes each, row by row.
 */

/** Powers up to here are silence: see src/dsp/decibel.ts. */
const SILENT: f32 = 1e-25
const WIDE: f64 = 3

const DB_PER_NEPER: f32 = 4.342944819032518
const LN2: f32 = 0.6931471805599453
/** ln(1 + t) = t - t² / 2 + t³ P(t) for 1 + t between the roots of 1/2 and 2; highest power first (Cephes, logf). */
const P = memory.data<f32>([
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
])

/** 10 log10 of the powers at `power`, four doubles. */
function levelsOf(power: usize): v128 {
  const low = f32x4.demote_f64x2_zero(v128.load(power))
  const high = f32x4.demote_f64x2_zero(v128.load(power, 16))
  return toDb(v128.shuffle<f32>(low, high, 0, 1, 4, 5))
}

/** 10 log10; -Infinity for silence. */
export function toDb(x: v128): v128 {
  const silent = f32x4.le(x, f32x4.splat(SILENT))
  let exponent = i32x4.sub(i32x4.shr_u(x, 23), i32x4.splat(127))
  let mantissa = v128.or(v128.and(x, i32x4.splat(0x7fffff)), f32x4.splat(1))
  const upper = f32x4.gt(mantissa, f32x4.splat(1.4142135))
  mantissa = v128.bitselect(f32x4.mul(mantissa, f32x4.splat(0.5)), mantissa, upper)
  exponent = i32x4.sub(exponent, upper)
  const t = f32x4.sub(mantissa, f32x4.splat(1))
  const square = f32x4.mul(t, t)
  let sum = v128.load32_splat(P)
  for (let p = P + 4; p < P + 36; p += 4) sum = f32x4.relaxed_madd(sum, t, v128.load32_splat(p))
  let log = f32x4.relaxed_madd(f32x4.mul(square, t), sum, f32x4.relaxed_nmadd(square, f32x4.splat(0.5), t))
  log = f32x4.relaxed_madd(f32x4.convert_i32x4_s(exponent), f32x4.splat(LN2), log)
  return v128.bitselect(f32x4.splat(-Infinity), f32x4.mul(log, f32x4.splat(DB_PER_NEPER)), silent)
}

/**
 * Levels of `columns` columns from the powers of bins 0 to `last`. `levels` has room for those up to `dense` and 3 more, `peaks`
 * for three rows of `columns` and 3 more.
 */
export function logColumns(
  table: usize,
  columns: i32,
  last: i32,
  dense: i32,
  power: usize,
  levels: usize,
  peaks: usize,
  out: usize,
): void {
  for (let k = 0; k <= dense; k += 4) v128.store(levels + ((<usize>k) << 2), levelsOf(power + ((<usize>k) << 3)))
  findPeaks(table, columns, last, power, peaks)
  levelPeaks(peaks, columns, out)
  const row = (<usize>columns) << 3
  for (const end = table + row; table < end; table += 8, out += 4) {
    const from = load<f64>(table)
    const to = load<f64>(table + 2 * row)
    if (to - from > WIDE) continue
    store<f32>(out, curveLevel(from, load<f64>(table + row), to, last, power, levels))
  }
}

function peaksRow(columns: i32): usize {
  return (<usize>((columns + 3) & ~3)) << 2
}

/** Powers before, at and after the largest bin of each wide column, a row each. */
function findPeaks(table: usize, columns: i32, last: i32, power: usize, peaks: usize): void {
  const row = (<usize>columns) << 3
  const next = peaksRow(columns)
  const end = table + row
  for (; table < end; table += 8, peaks += 4) {
    const from = load<f64>(table)
    const to = load<f64>(table + 2 * row)
    if (!(to - from > WIDE)) continue
    const peak = largestBin(power + ((<usize>ceil(from)) << 3), power + ((<usize>ceil(to)) << 3))
    store<f32>(peaks, <f32>load<f64>(peak - 8))
    store<f32>(peaks + next, <f32>load<f64>(peak))
    // Beyond the last bin there is nothing, and so no parabola.
    store<f32>(peaks + 2 * next, peak < power + ((<usize>last) << 3) ? <f32>load<f64>(peak, 8) : 0)
  }
}

/** The first of the largest of the powers from `first` to before `end`. */
function largestBin(first: usize, end: usize): usize {
  let most = f64x2.splat(load<f64>(first))
  let more = most
  let k = first
  for (; k + 32 <= end; k += 32) {
    most = f64x2.pmax(most, v128.load(k))
    more = f64x2.pmax(more, v128.load(k, 16))
  }
  most = f64x2.pmax(most, more)
  let largest = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1))
  for (; k < end; k += 8) largest = max(largest, load<f64>(k))
  const wanted = f64x2.splat(largest)
  let peak = first
  while (peak + 16 <= end && !v128.any_true(f64x2.ge(v128.load(peak), wanted))) peak += 16
  return load<f64>(peak) < largest ? peak + 8 : peak
}

/** The top of the parabola through three levels where it has one, otherwise the middle one. */
function levelPeaks(peaks: usize, columns: i32, out: usize): void {
  const next = peaksRow(columns)
  const end = peaks + next
  for (; peaks < end; peaks += 16, out += 16) {
    const before = toDb(v128.load(peaks))
    const middle = toDb(v128.load(peaks + next))
    const after = toDb(v128.load(peaks + 2 * next))
    const bend = f32x4.add(f32x4.sub(before, f32x4.add(middle, middle)), after)
    const falls = v128.and(f32x4.le(before, middle), f32x4.le(after, middle))
    const bends = v128.and(f32x4.lt(bend, f32x4.splat(0)), f32x4.gt(bend, f32x4.splat(-Infinity)))
    const slope = f32x4.sub(before, after)
    const rise = f32x4.div(f32x4.mul(slope, slope), f32x4.mul(bend, f32x4.splat(8)))
    v128.store(out, f32x4.sub(middle, v128.and(rise, v128.and(falls, bends))))
  }
}

function slopeOf(before: f64, after: f64): f64 {
  const slope = before - after
  return isFinite(slope) ? slope : 0
}

/** Of the top of a parabola from its middle point, in bins; 0 where that is no peak. */
function offsetOf(before: f64, middle: f64, after: f64): f64 {
  const bend = before - 2 * middle + after
  const peaked = before <= middle && after <= middle && bend < 0 && isFinite(bend)
  return peaked ? (before - after) / (2 * bend) : 0
}

/** The cubic through four bins at `centre`, or the highest peak in the column. */
function curveLevel(from: f64, centre: f64, to: f64, last: i32, power: usize, levels: usize): f32 {
  const k = min(<i32>centre, last - 1)
  const t = centre - <f64>k
  const b = level(levels, k)
  const c = level(levels, k + 1)
  const a = k > 0 ? level(levels, k - 1) : b
  const d = k + 2 <= last ? level(levels, k + 2) : c
  const cubic = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
  // Beside a null it swings up; what is higher than both is a peak, looked for below.
  let highest = isFinite(cubic) ? min(cubic, max(b, c)) : max(b, c)
  const end = min(<i32>ceil(to), last - 1)
  for (let i = max(1, <i32>from); i <= end; i++) {
    const at = power + ((<usize>i) << 3)
    if (load<f64>(at) < load<f64>(at - 8) || load<f64>(at) < load<f64>(at, 8)) continue
    const before = level(levels, i - 1)
    const middle = level(levels, i)
    const after = level(levels, i + 1)
    const offset = offsetOf(before, middle, after)
    const place = <f64>i + offset
    if (place >= from && place <= to) highest = max(highest, middle - 0.25 * slopeOf(before, after) * offset)
  }
  return <f32>highest
}

function level(levels: usize, k: i32): f64 {
  return <f64>load<f32>(levels + ((<usize>k) << 2))
}
