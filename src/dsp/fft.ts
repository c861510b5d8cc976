/**
 * Fast Fourier transforms in double precision, without allocation once made. Forward is sum of x[n] e^(-2 pi i k n / N),
 * unscaled; inverse divides by N, so that it undoes forward.
 */

/** Complex transform of a power of two, real and imaginary parts in two arrays. Stockham's order: no bit reversal. */
export class Fft {
  readonly size: number
  readonly #cos: Float64Array
  readonly #sin: Float64Array
  readonly #re: Float64Array
  readonly #im: Float64Array

  constructor(size: number) {
    if (size < 1 || (size & (size - 1)) !== 0) throw new RangeError(`FFT of ${size}: not a power of two`)
    this.size = size
    this.#cos = new Float64Array(size)
    this.#sin = new Float64Array(size)
    for (let i = 0; i < size; i++) {
      this.#cos[i] = Math.cos((2 * Math.PI * i) / size)
      this.#sin[i] = -Math.sin((2 * Math.PI * i) / size)
    }
    this.#re = new Float64Array(size)
    this.#im = new Float64Array(size)
  }

  /** In place. */
  forward(re: Float64Array, im: Float64Array): void {
    let fromRe = re
    let fromIm = im
    let toRe = this.#re
    let toIm = this.#im
    let n = this.size
    let stride = 1
    while (n > 1) {
      if (n >= 4) {
        this.#radix4(n, stride, fromRe, fromIm, toRe, toIm)
        n >>= 2
        stride <<= 2
      } else {
        radix2(stride, fromRe, fromIm, toRe, toIm)
        n = 1
      }
      ;[fromRe, toRe] = [toRe, fromRe]
      ;[fromIm, toIm] = [toIm, fromIm]
    }
    if (fromRe === re) return
    re.set(fromRe)
    im.set(fromIm)
  }

  /** In place. Swapping the parts turns forward into an unscaled inverse. */
  inverse(re: Float64Array, im: Float64Array): void {
    this.forward(im, re)
    const scale = 1 / this.size
    for (let i = 0; i < this.size; i++) {
      re[i]! *= scale
      im[i]! *= scale
    }
  }

  #radix4(n: number, stride: number, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
    const quarter = n >> 2
    const span = stride * quarter
    const cos = this.#cos
    const sin = this.#sin
    for (let p = 0; p < quarter; p++) {
      const w = p * stride
      const c1 = cos[w]!
      const s1 = sin[w]!
      const c2 = cos[2 * w]!
      const s2 = sin[2 * w]!
      const c3 = cos[3 * w]!
      const s3 = sin[3 * w]!
      const end = w + stride
      for (let a = w, y0 = 4 * w; a < end; a++, y0++) {
        const b = a + span
        const c = b + span
        const d = c + span
        const sumAcR = xr[a]! + xr[c]!
        const sumAcI = xi[a]! + xi[c]!
        const difAcR = xr[a]! - xr[c]!
        const difAcI = xi[a]! - xi[c]!
        const sumBdR = xr[b]! + xr[d]!
        const sumBdI = xi[b]! + xi[d]!
        /** -i (b - d) */
        const difBdR = xi[b]! - xi[d]!
        const difBdI = xr[d]! - xr[b]!
        const y1 = y0 + stride
        const y2 = y1 + stride
        const y3 = y2 + stride
        const r1 = difAcR + difBdR
        const i1 = difAcI + difBdI
        const r2 = sumAcR - sumBdR
        const i2 = sumAcI - sumBdI
        const r3 = difAcR - difBdR
        const i3 = difAcI - difBdI
        yr[y0] = sumAcR + sumBdR
        yi[y0] = sumAcI + sumBdI
        yr[y1] = r1 * c1 - i1 * s1
        yi[y1] = r1 * s1 + i1 * c1
        yr[y2] = r2 * c2 - i2 * s2
        yi[y2] = r2 * s2 + i2 * c2
        yr[y3] = r3 * c3 - i3 * s3
        yi[y3] = r3 * s3 + i3 * c3
      }
    }
  }
}

function radix2(stride: number, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  for (let a = 0, b = stride; a < stride; a++, b++) {
    yr[a] = xr[a]! + xr[b]!
    yi[a] = xi[a]! + xi[b]!
    yr[b] = xr[a]! - xr[b]!
    yi[b] = xi[a]! - xi[b]!
  }
}

/** Transform of `size` real samples to bins 0 to size / 2, by a complex one of half the size. */
export class RealFft {
  readonly size: number
  /** size / 2 + 1 */
  readonly bins: number
  readonly #half: Fft
  readonly #re: Float64Array
  readonly #im: Float64Array
  readonly #cos: Float64Array
  readonly #sin: Float64Array

  /** A power of two, at least 2. */
  constructor(size: number) {
    if (size < 2) throw new RangeError(`real FFT of ${size}: at least 2`)
    const half = size / 2
    this.size = size
    this.bins = half + 1
    this.#half = new Fft(half)
    this.#re = new Float64Array(half)
    this.#im = new Float64Array(half)
    this.#cos = new Float64Array(half)
    this.#sin = new Float64Array(half)
    for (let k = 0; k < half; k++) {
      this.#cos[k] = Math.cos((2 * Math.PI * k) / size)
      this.#sin[k] = -Math.sin((2 * Math.PI * k) / size)
    }
  }

  /** `x[0..size)` to `re[0..bins)` and `im[0..bins)`. */
  forward(x: Float64Array, re: Float64Array, im: Float64Array): void {
    const half = this.bins - 1
    const zr = this.#re
    const zi = this.#im
    const cos = this.#cos
    const sin = this.#sin
    for (let i = 0; i < half; i++) {
      zr[i] = x[2 * i]!
      zi[i] = x[2 * i + 1]!
    }
    this.#half.forward(zr, zi)
    re[0] = zr[0]! + zi[0]!
    im[0] = 0
    re[half] = zr[0]! - zi[0]!
    im[half] = 0
    for (let k = 1, m = half - 1; k <= m; k++, m--) {
      const evenR = 0.5 * (zr[k]! + zr[m]!)
      const evenI = 0.5 * (zi[k]! - zi[m]!)
      const oddR = 0.5 * (zi[k]! + zi[m]!)
      const oddI = 0.5 * (zr[m]! - zr[k]!)
      const turnedR = cos[k]! * oddR - sin[k]! * oddI
      const turnedI = cos[k]! * oddI + sin[k]! * oddR
      re[k] = evenR + turnedR
      im[k] = evenI + turnedI
      re[m] = evenR - turnedR
      im[m] = turnedI - evenI
    }
  }

  /** Undoes `forward`; `re` and `im` are left as they are, the imaginary parts of the first and last bin do not count. */
  inverse(re: Float64Array, im: Float64Array, x: Float64Array): void {
    const half = this.bins - 1
    const zr = this.#re
    const zi = this.#im
    const cos = this.#cos
    const sin = this.#sin
    zr[0] = 0.5 * (re[0]! + re[half]!)
    zi[0] = 0.5 * (re[0]! - re[half]!)
    for (let k = 1, m = half - 1; k <= m; k++, m--) {
      const evenR = 0.5 * (re[k]! + re[m]!)
      const evenI = 0.5 * (im[k]! - im[m]!)
      const turnedR = 0.5 * (re[k]! - re[m]!)
      const turnedI = 0.5 * (im[k]! + im[m]!)
      const oddR = turnedR * cos[k]! + turnedI * sin[k]!
      const oddI = turnedI * cos[k]! - turnedR * sin[k]!
      zr[k] = evenR - oddI
      zi[k] = evenI + oddR
      zr[m] = evenR + oddI
      zi[m] = oddR - evenI
    }
    this.#half.inverse(zr, zi)
    for (let i = 0; i < half; i++) {
      x[2 * i] = zr[i]!
      x[2 * i + 1] = zi[i]!
    }
  }
}
