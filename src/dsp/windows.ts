/** Windows for spectra of sound, periodic, as sums of cosines. */

export type WindowName = 'hann' | 'blackman-harris' | 'flat-top'

/** Coefficients of cos(2 pi m i / N), signs alternating: a0 - a1 cos + a2 cos 2 - ... */
const TERMS: Readonly<Record<WindowName, readonly number[]>> = {
  hann: [0.5, 0.5],
  /** Four terms, side lobes below -92 dB (Harris 1978). */
  'blackman-harris': [0.35875, 0.48829, 0.14128, 0.01168],
  /** ISO 18431-2: a tone anywhere between two bins reads within 0.01 dB. */
  'flat-top': [1, 1.933, 1.286, 0.388, 0.0322],
}

/** Scaled so that a full-scale sine at a bin's centre gives that bin an amplitude of 1. */
export function windowOf(name: WindowName, size: number): Float64Array {
  const terms = TERMS[name]
  const scale = 2 / (size * terms[0]!)
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0
    for (let m = 0; m < terms.length; m++) {
      sum += (m % 2 === 0 ? 1 : -1) * terms[m]! * Math.cos((2 * Math.PI * m * i) / size)
    }
    return sum * scale
  })
}

/**
 * Bandwidth that noise is read in, in multiples of rate / size: 1.5 (Hann), 2.0 (Blackman-Harris), 3.8 (flat-top). Noise of
 * one-sided density D (full-scale² / Hz) reads 2 D times this many Hz, the 2 because a full-scale sine, of power 1/2, reads 1.
 */
export function noiseBandwidth(name: WindowName): number {
  const [a0, ...rest] = TERMS[name]
  return 1 + rest.reduce((sum, a) => sum + (a * a) / 2, 0) / (a0! * a0!)
}
