import { describe, expect, it } from 'vitest'
import { Fft, RealFft } from '#dsp/fft.ts'
import { random } from '../support/signals.ts'

function values(n: number, seed: number): Float64Array {
  const next = random(seed)
  return Float64Array.from({ length: n }, () => 2 * next() - 1)
}

/** The definition, summed as written. */
function direct(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length
  const out = { re: new Float64Array(n), im: new Float64Array(n) }
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      const angle = (-2 * Math.PI * ((k * i) % n)) / n
      out.re[k]! += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle)
      out.im[k]! += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle)
    }
  }
  return out
}

function largestDifference(a: Float64Array, b: Float64Array, n = a.length): number {
  let worst = 0
  for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!))
  return worst
}

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 512, 1024]

describe('FFT', () => {
  it.each(SIZES)('of %i complex values is the discrete Fourier transform, and its inverse undoes it', (n) => {
    const x = { re: values(n, n), im: values(n, n + 1) }
    const y = { re: x.re.slice(), im: x.im.slice() }
    const fft = new Fft(n)
    fft.forward(y.re, y.im)
    const wanted = direct(x.re, x.im)
    expect(largestDifference(y.re, wanted.re)).toBeLessThan(1e-11)
    expect(largestDifference(y.im, wanted.im)).toBeLessThan(1e-11)
    fft.inverse(y.re, y.im)
    expect(largestDifference(y.re, x.re)).toBeLessThan(1e-13)
    expect(largestDifference(y.im, x.im)).toBeLessThan(1e-13)
  })

  it.each(SIZES.slice(1))('of %i real values is the first half of the complex one, and its inverse undoes it', (n) => {
    const x = values(n, n)
    const fft = new RealFft(n)
    const re = new Float64Array(fft.bins)
    const im = new Float64Array(fft.bins)
    fft.forward(x, re, im)
    const wanted = direct(x, new Float64Array(n))
    expect(largestDifference(re, wanted.re, fft.bins)).toBeLessThan(1e-11)
    expect(largestDifference(im, wanted.im, fft.bins)).toBeLessThan(1e-11)
    const back = new Float64Array(n)
    fft.inverse(re, im, back)
    expect(largestDifference(back, x)).toBeLessThan(1e-13)
  })

  it('refuses a size that is not a power of two', () => {
    expect(() => new Fft(12)).toThrow('not a power of two')
    expect(() => new RealFft(6)).toThrow('not a power of two')
    expect(() => new RealFft(1)).toThrow('at least 2')
  })
})
