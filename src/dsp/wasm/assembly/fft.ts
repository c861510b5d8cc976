/**
 * Complex Fourier transform of a power of two from 16 up, single precision, real and imaginary parts apart, in Stockham's
 * order as in src/dsp/fft.ts. A lane is one of four neighbouring points.
 *
 * Twiddles: for each step of four, one after another, e^(-2 pi i k p / length) for k = 1, 2, 3, p below a quarter of its
 * length. Of the first step in six rows (cosine and negated sine of k = 1, 2, 3), of the others six numbers for each p.
 */

export function fftTwiddleBytes(size: i32): i32 {
  let floats = 0
  for (let n = size; n >= 4; n >>= 2) floats += 6 * (n >> 2)
  return floats << 2
}

/**
 * Transforms `re` and `im`, by way of `re2` and `im2`; returns whether the result is in these. With real and imaginary parts
 * exchanged it is the unscaled inverse.
 */
export function fft(twiddles: usize, size: i32, re: usize, im: usize, re2: usize, im2: usize): bool {
  firstStep(twiddles, size, re, im, re2, im2)
  twiddles += (<usize>(6 * (size >> 2))) << 2
  let there = true
  let stride = 4
  let n = size >> 2
  for (; n >= 4; n >>= 2, stride <<= 2) {
    if (there) step(twiddles, n, stride, re2, im2, re, im)
    else step(twiddles, n, stride, re, im, re2, im2)
    twiddles += (<usize>(6 * (n >> 2))) << 2
    there = !there
  }
  if (n == 2) {
    if (there) lastStep(stride, re2, im2, re, im)
    else lastStep(stride, re, im, re2, im2)
    there = !there
  }
  return there
}

/** Stride 1: neighbouring points lie in the lanes, and the four results of each must come to lie in a row. */
function firstStep(twiddles: usize, size: i32, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const quarter = <usize>size
  const end = twiddles + quarter
  for (; twiddles < end; twiddles += 16, xr += 16, xi += 16, yr += 64, yi += 64) {
    const br = v128.load(xr + quarter)
    const bi = v128.load(xi + quarter)
    const dr = v128.load(xr + 3 * quarter)
    const di = v128.load(xi + 3 * quarter)
    const ar = v128.load(xr)
    const ai = v128.load(xi)
    const cr = v128.load(xr + 2 * quarter)
    const ci = v128.load(xi + 2 * quarter)
    const sumAcR = f32x4.add(ar, cr)
    const sumAcI = f32x4.add(ai, ci)
    const difAcR = f32x4.sub(ar, cr)
    const difAcI = f32x4.sub(ai, ci)
    const sumBdR = f32x4.add(br, dr)
    const sumBdI = f32x4.add(bi, di)
    const difBdR = f32x4.sub(bi, di)
    const difBdI = f32x4.sub(dr, br)
    let r = f32x4.add(difAcR, difBdR)
    let i = f32x4.add(difAcI, difBdI)
    let cos = v128.load(twiddles)
    let sin = v128.load(twiddles + quarter)
    const r1 = f32x4.relaxed_nmadd(i, sin, f32x4.mul(r, cos))
    const i1 = f32x4.relaxed_madd(r, sin, f32x4.mul(i, cos))
    r = f32x4.sub(sumAcR, sumBdR)
    i = f32x4.sub(sumAcI, sumBdI)
    cos = v128.load(twiddles + 2 * quarter)
    sin = v128.load(twiddles + 3 * quarter)
    const r2 = f32x4.relaxed_nmadd(i, sin, f32x4.mul(r, cos))
    const i2 = f32x4.relaxed_madd(r, sin, f32x4.mul(i, cos))
    r = f32x4.sub(difAcR, difBdR)
    i = f32x4.sub(difAcI, difBdI)
    cos = v128.load(twiddles + 4 * quarter)
    sin = v128.load(twiddles + 5 * quarter)
    const r3 = f32x4.relaxed_nmadd(i, sin, f32x4.mul(r, cos))
    const i3 = f32x4.relaxed_madd(r, sin, f32x4.mul(i, cos))
    storeTransposed(yr, f32x4.add(sumAcR, sumBdR), r1, r2, r3)
    storeTransposed(yi, f32x4.add(sumAcI, sumBdI), i1, i2, i3)
  }
}

/** Lane 0 of a, b, c, d to the first four places, then lane 1 and so on. */
function storeTransposed(to: usize, a: v128, b: v128, c: v128, d: v128): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5))
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 16)
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 32)
  v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 48)
}

/** A step of four with a stride of 4 or more; `n` is the length of what is left to transform. */
function step(twiddles: usize, n: i32, stride: i32, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const row = (<usize>stride) << 2
  const span = row * <usize>(n >> 2)
  const last = xr + span
  while (xr < last) {
    const cos1 = v128.load32_splat(twiddles)
    const sin1 = v128.load32_splat(twiddles, 4)
    const cos2 = v128.load32_splat(twiddles, 8)
    const sin2 = v128.load32_splat(twiddles, 12)
    const cos3 = v128.load32_splat(twiddles, 16)
    const sin3 = v128.load32_splat(twiddles, 20)
    twiddles += 24
    for (const end = xr + row; xr < end; xr += 16, xi += 16, yr += 16, yi += 16) {
      const ar = v128.load(xr)
      const ai = v128.load(xi)
      const cr = v128.load(xr + 2 * span)
      const ci = v128.load(xi + 2 * span)
      const br = v128.load(xr + span)
      const bi = v128.load(xi + span)
      const dr = v128.load(xr + 3 * span)
      const di = v128.load(xi + 3 * span)
      const sumAcR = f32x4.add(ar, cr)
      const sumAcI = f32x4.add(ai, ci)
      const difAcR = f32x4.sub(ar, cr)
      const difAcI = f32x4.sub(ai, ci)
      const sumBdR = f32x4.add(br, dr)
      const sumBdI = f32x4.add(bi, di)
      const difBdR = f32x4.sub(bi, di)
      const difBdI = f32x4.sub(dr, br)
      v128.store(yr, f32x4.add(sumAcR, sumBdR))
      v128.store(yi, f32x4.add(sumAcI, sumBdI))
      let r = f32x4.add(difAcR, difBdR)
      let i = f32x4.add(difAcI, difBdI)
      v128.store(yr + row, f32x4.relaxed_nmadd(i, sin1, f32x4.mul(r, cos1)))
      v128.store(yi + row, f32x4.relaxed_madd(r, sin1, f32x4.mul(i, cos1)))
      r = f32x4.sub(sumAcR, sumBdR)
      i = f32x4.sub(sumAcI, sumBdI)
      v128.store(yr + 2 * row, f32x4.relaxed_nmadd(i, sin2, f32x4.mul(r, cos2)))
      v128.store(yi + 2 * row, f32x4.relaxed_madd(r, sin2, f32x4.mul(i, cos2)))
      r = f32x4.sub(difAcR, difBdR)
      i = f32x4.sub(difAcI, difBdI)
      v128.store(yr + 3 * row, f32x4.relaxed_nmadd(i, sin3, f32x4.mul(r, cos3)))
      v128.store(yi + 3 * row, f32x4.relaxed_madd(r, sin3, f32x4.mul(i, cos3)))
    }
    yr += 3 * row
    yi += 3 * row
  }
}

/** The step of two that is left of a size that is no power of four. */
function lastStep(stride: i32, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const row = (<usize>stride) << 2
  for (const end = xr + row; xr < end; xr += 16, xi += 16, yr += 16, yi += 16) {
    const ar = v128.load(xr)
    const ai = v128.load(xi)
    const br = v128.load(xr + row)
    const bi = v128.load(xi + row)
    v128.store(yr, f32x4.add(ar, br))
    v128.store(yi, f32x4.add(ai, bi))
    v128.store(yr + row, f32x4.sub(ar, br))
    v128.store(yi + row, f32x4.sub(ai, bi))
  }
}
