/** Power spectra of windowed sound, single precision, powers as doubles: src/dsp/short-time-spectrum.ts. */
import { fft } from './fft'

/** Samples beyond this count as this: the powers of bins must be numbers. Those that are no numbers spoil every bin. */
const LARGEST: f32 = 1e12
/** Between the parts of the scratch: nowhere must they be a whole number of 4096 bytes apart (see convolver.ts). */
const APART: usize = 64

/** Bytes of scratch for `points`. */
export function spectrumScratchBytes(points: i32): i32 {
  return 4 * (4 * points + 4 * 16)
}

/**
 * Adds `share` of the power of each bin to `power`, which the `first` call begins anew, bins 0 to `points`, of `size` samples under a window and
 * zeros up to 2 `points`. `turns`: cosines, then negated sines, of pi k / `points` for k from 1 to `points` / 2.
 */
export function addPowerSpectrum(
  scratch: usize,
  twiddles: usize,
  turns: usize,
  points: i32,
  samples: usize,
  window: usize,
  size: i32,
  power: usize,
  share: f32,
  first: bool,
): void {
  const part = ((<usize>points) << 2) + APART
  const re = scratch
  const im = scratch + part
  pack(samples, window, size, re, im)
  memory.fill(re + ((<usize>size) << 1), 0, (<usize>(2 * points - size)) << 1)
  memory.fill(im + ((<usize>size) << 1), 0, (<usize>(2 * points - size)) << 1)
  const there = fft(twiddles, points, re, im, scratch + 2 * part, scratch + 3 * part)
  const offset: usize = there ? 2 * part : 0
  addSplit(re + offset, im + offset, turns, points, power, share, first)
}

/** Windowed samples of even places to `re`, of odd places to `im`. */
function pack(samples: usize, window: usize, size: i32, re: usize, im: usize): void {
  for (const end = samples + ((<usize>size) << 2); samples < end; samples += 32, window += 32, re += 16, im += 16) {
    const low = f32x4.mul(limited(v128.load(samples)), v128.load(window))
    const high = f32x4.mul(limited(v128.load(samples, 16)), v128.load(window, 16))
    v128.store(re, v128.shuffle<f32>(low, high, 0, 2, 4, 6))
    v128.store(im, v128.shuffle<f32>(low, high, 1, 3, 5, 7))
  }
}

/** What is infinite becomes NaN, and stays it. */
function limited(x: v128): v128 {
  const known = f32x4.add(x, f32x4.mul(x, f32x4.splat(0)))
  return f32x4.pmax(f32x4.pmin(known, f32x4.splat(LARGEST)), f32x4.splat(-LARGEST))
}

/** Powers of the real transform from the complex one of half the size: bins k and `points` - k together. */
function addSplit(re: usize, im: usize, turns: usize, points: i32, power: usize, share: f32, first: bool): void {
  const sum = load<f32>(re) + load<f32>(im)
  const difference = load<f32>(re) - load<f32>(im)
  const end = power + ((<usize>points) << 3)
  store<f64>(power, (first ? 0 : load<f64>(power)) + <f64>(share * sum * sum))
  store<f64>(end, (first ? 0 : load<f64>(end)) + <f64>(share * difference * difference))
  // The middle bin is its own partner and would count twice.
  const half = (<usize>points) >> 1
  const middle = power + (half << 3)
  const middleR = load<f32>(re + (half << 2))
  const middleI = load<f32>(im + (half << 2))
  const middlePower = (first ? 0 : load<f64>(middle)) + <f64>(share * (middleR * middleR + middleI * middleI))

  const sines = turns + (half << 2)
  const shares = f32x4.splat(share)
  const halves = f32x4.splat(0.5)
  let k: usize = 4
  let m = ((<usize>points) << 2) - 16
  for (let at: usize = 0; at < half << 2; at += 16, k += 16, m -= 16) {
    const kr = v128.load(re + k)
    const ki = v128.load(im + k)
    const mr = reversed(v128.load(re + m))
    const mi = reversed(v128.load(im + m))
    const evenR = f32x4.add(kr, mr)
    const evenI = f32x4.sub(ki, mi)
    const oddR = f32x4.add(ki, mi)
    const oddI = f32x4.sub(mr, kr)
    const cos = v128.load(turns + at)
    const sin = v128.load(sines + at)
    const turnedR = f32x4.relaxed_nmadd(sin, oddI, f32x4.mul(cos, oddR))
    const turnedI = f32x4.relaxed_madd(sin, oddR, f32x4.mul(cos, oddI))
    const lowR = f32x4.mul(halves, f32x4.add(evenR, turnedR))
    const lowI = f32x4.mul(halves, f32x4.add(evenI, turnedI))
    const highR = f32x4.mul(halves, f32x4.sub(evenR, turnedR))
    const highI = f32x4.mul(halves, f32x4.sub(evenI, turnedI))
    addPowers(power + 2 * k, shares, lowR, lowI, first)
    addPowers(power + 2 * m, shares, reversed(highR), reversed(highI), first)
  }
  store<f64>(middle, middlePower)
}

function addPowers(to: usize, share: v128, re: v128, im: v128, first: bool): void {
  const powers = f32x4.mul(share, f32x4.relaxed_madd(re, re, f32x4.mul(im, im)))
  let low = f64x2.promote_low_f32x4(powers)
  let high = f64x2.promote_low_f32x4(v128.shuffle<f32>(powers, powers, 2, 3, 2, 3))
  if (!first) {
    low = f64x2.add(low, v128.load(to))
    high = f64x2.add(high, v128.load(to, 16))
  }
  v128.store(to, low)
  v128.store(to, high, 16)
}

function reversed(x: v128): v128 {
  return v128.shuffle<f32>(x, x, 3, 2, 1, 0)
}
