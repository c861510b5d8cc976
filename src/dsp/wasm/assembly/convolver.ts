/**
 * Partitioned convolution of one channel, single precision, as src/dsp/convolver.ts does it, but by a shorter transform: what
 * overlap-save discards may be folded with any sign, so x[j] + i x[j + n], turned by e^(i pi j / 2n), needs one complex
 * transform of n points for 2n real samples, and no bin is special (Nussbaumer's right-angle convolution).
 *
 * n is the partition, a power of two from 16 up; `partitions` is a multiple of four. Spectra lie one after another, each by four
 * bins, real parts then imaginary parts: what is read once a partition is read in long runs.
 *
 * Shared by all channels: cosines and sines of the turn (n each), then the filter's spectra. Of each channel: frames filled and
 * place of the newest spectrum (16 bytes), partition before, open partition, output of the last one (n each), then the ring
 * of input spectra.
 */
import { fft } from './fft'

const HEADER: usize = 16
/** A lane holds what a float holds: beyond the one, samples count as that; below the other as silence. */
const LARGEST: f32 = 1e30
const LEAST: f32 = 1e-25

export function convolverSharedBytes(n: i32, partitions: i32): i32 {
  return 4 * (2 * n + 2 * n * partitions)
}

export function convolverChannelBytes(n: i32, partitions: i32): i32 {
  return <i32>HEADER + 4 * (3 * n + 2 * n * partitions)
}

/**
 * Scratch: two complex arrays of up to `MOST` points in four parts, close together, but nowhere a whole number of 4096 bytes
 * apart: a processor takes such places for the same one and waits.
 */
const MOST = 8192
const APART: usize = 64
const RE = memory.data(4 * (4 * 8192 + 64), 16)
let IM: usize = 0
let RE2: usize = 0
let IM2: usize = 0

function layOut(n: i32): void {
  const part = ((<usize>n) << 2) + APART
  IM = RE + part
  RE2 = RE + 2 * part
  IM2 = RE + 3 * part
}

/** Largest partition. */
export function convolverMost(): i32 {
  return MOST
}

/** Makes the spectra of `taps`, `n * partitions` of them, in `shared`, whose turn must be set. */
export function convolverFilter(shared: usize, twiddles: usize, n: i32, partitions: i32, taps: usize): void {
  layOut(n)
  const bytes = (<usize>n) << 2
  const scale = f32x4.splat(1 / <f32>n)
  for (let p = 0; p < partitions; p++, taps += bytes) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const h = f32x4.mul(v128.load(taps + at), scale)
      v128.store(RE + at, f32x4.mul(h, v128.load(shared + at)))
      v128.store(IM + at, f32x4.mul(h, v128.load(shared + bytes + at)))
    }
    const there = fft(twiddles, n, RE, IM, RE2, IM2)
    storeSpectrum(shared + 2 * bytes * (<usize>p + 1), there ? RE2 : RE, there ? IM2 : IM, bytes)
  }
}

/** `frames` from `x` to `y`, which may be the same. */
export function convolve(
  shared: usize,
  twiddles: usize,
  channel: usize,
  n: i32,
  partitions: i32,
  x: usize,
  y: usize,
  frames: i32,
): void {
  layOut(n)
  const bytes = (<usize>n) << 2
  const open = channel + HEADER + bytes
  while (frames > 0) {
    const filled = load<i32>(channel)
    const count = min(n - filled, frames)
    exchange(open + ((<usize>filled) << 2), open + bytes + ((<usize>filled) << 2), x, y, count)
    x += (<usize>count) << 2
    y += (<usize>count) << 2
    frames -= count
    store<i32>(channel, filled + count)
    if (filled + count < n) continue
    store<i32>(channel, 0)
    finishPartition(shared, twiddles, channel, n, partitions)
  }
}

/** `x` to the open partition and what is `ready` to `y`. */
function exchange(open: usize, ready: usize, x: usize, y: usize, count: i32): void {
  const end = x + ((<usize>count) << 2)
  const largest = f32x4.splat(LARGEST)
  const least = f32x4.splat(LEAST)
  for (; x + 16 <= end; x += 16, y += 16, open += 16, ready += 16) {
    const sample = v128.load(x)
    const size = f32x4.abs(sample)
    const kept = f32x4.pmax(f32x4.neg(largest), f32x4.pmin(largest, sample))
    v128.store(y, v128.load(ready))
    v128.store(open, v128.and(kept, f32x4.gt(size, least)))
  }
  for (; x < end; x += 4, y += 4, open += 4, ready += 4) {
    const sample = load<f32>(x)
    store<f32>(y, load<f32>(ready))
    store<f32>(open, abs<f32>(sample) > LEAST ? max<f32>(-LARGEST, min<f32>(LARGEST, sample)) : 0)
  }
}

function finishPartition(shared: usize, twiddles: usize, channel: usize, n: i32, partitions: i32): void {
  const bytes = (<usize>n) << 2
  const before = channel + HEADER
  const cos = shared
  const sin = shared + bytes
  for (let at: usize = 0; at < bytes; at += 16) {
    const re = v128.load(before + at)
    const im = v128.load(before + bytes + at)
    const c = v128.load(cos + at)
    const s = v128.load(sin + at)
    v128.store(RE + at, f32x4.relaxed_nmadd(im, s, f32x4.mul(re, c)))
    v128.store(IM + at, f32x4.relaxed_madd(re, s, f32x4.mul(im, c)))
    v128.store(before + at, im)
  }
  let there = fft(twiddles, n, RE, IM, RE2, IM2)
  const newest = (load<i32>(channel, 4) + partitions - 1) % partitions
  store<i32>(channel, newest, 4)
  const ring = before + 3 * bytes
  storeSpectrum(ring + 2 * bytes * <usize>newest, there ? RE2 : RE, there ? IM2 : IM, bytes)
  memory.fill(RE, 0, bytes)
  memory.fill(IM, 0, bytes)
  for (let p = 0; p < partitions; p += 4)
    multiplyAdd(ring, (newest + p) % partitions, partitions, shared + 2 * bytes * <usize>(p + 1), bytes)
  there = fft(twiddles, n, IM, RE, IM2, RE2)
  const re = there ? RE2 : RE
  const im = there ? IM2 : IM
  const ready = before + 2 * bytes
  for (let at: usize = 0; at < bytes; at += 16) {
    const turned = f32x4.mul(v128.load(im + at), v128.load(cos + at))
    v128.store(ready + at, f32x4.relaxed_nmadd(v128.load(re + at), v128.load(sin + at), turned))
  }
}

/** By four bins, real parts then imaginary parts. */
function storeSpectrum(to: usize, re: usize, im: usize, bytes: usize): void {
  for (const end = re + bytes; re < end; re += 16, im += 16, to += 32) {
    v128.store(to, v128.load(re))
    v128.store(to, v128.load(im), 16)
  }
}

/** Adds the products of four spectra of the ring, from `place` on, with four of the filter at `h` to RE and IM. */
function multiplyAdd(ring: usize, place: i32, partitions: i32, h: usize, bytes: usize): void {
  const spectrum = 2 * bytes
  let x0 = ring + spectrum * <usize>place
  let x1 = ring + spectrum * <usize>((place + 1) % partitions)
  let x2 = ring + spectrum * <usize>((place + 2) % partitions)
  let x3 = ring + spectrum * <usize>((place + 3) % partitions)
  let h1 = h + spectrum
  let h2 = h1 + spectrum
  let h3 = h2 + spectrum
  for (let at: usize = 0; at < bytes; at += 16) {
    let a = v128.load(x0)
    let b = v128.load(x0, 16)
    let c = v128.load(h)
    let d = v128.load(h, 16)
    let sumR = f32x4.relaxed_madd(a, c, v128.load(RE + at))
    let sumI = f32x4.relaxed_madd(a, d, v128.load(IM + at))
    let lessR = f32x4.mul(b, d)
    let moreI = f32x4.mul(b, c)
    a = v128.load(x1)
    b = v128.load(x1, 16)
    c = v128.load(h1)
    d = v128.load(h1, 16)
    sumR = f32x4.relaxed_madd(a, c, sumR)
    sumI = f32x4.relaxed_madd(a, d, sumI)
    lessR = f32x4.relaxed_madd(b, d, lessR)
    moreI = f32x4.relaxed_madd(b, c, moreI)
    a = v128.load(x2)
    b = v128.load(x2, 16)
    c = v128.load(h2)
    d = v128.load(h2, 16)
    sumR = f32x4.relaxed_madd(a, c, sumR)
    sumI = f32x4.relaxed_madd(a, d, sumI)
    lessR = f32x4.relaxed_madd(b, d, lessR)
    moreI = f32x4.relaxed_madd(b, c, moreI)
    a = v128.load(x3)
    b = v128.load(x3, 16)
    c = v128.load(h3)
    d = v128.load(h3, 16)
    sumR = f32x4.relaxed_madd(a, c, sumR)
    sumI = f32x4.relaxed_madd(a, d, sumI)
    lessR = f32x4.relaxed_madd(b, d, lessR)
    moreI = f32x4.relaxed_madd(b, c, moreI)
    v128.store(RE + at, f32x4.sub(sumR, lessR))
    v128.store(IM + at, f32x4.add(sumI, moreI))
    x0 += 32
    x1 += 32
    x2 += 32
    x3 += 32
    h += 32
    h1 += 32
    h2 += 32
    h3 += 32
  }
}
