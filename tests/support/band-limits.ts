import { OCTAVE } from '#dsp/bands.ts'

/** IEC 61260-1:2014 table 1, class 1: x of the octave breakpoint G^x, least and largest relative attenuation, dB. */
export const BREAKPOINTS: readonly (readonly [x: number, least: number, most: number])[] = [
  [0, -0.4, 0.4],
  [1 / 8, -0.4, 0.5],
  [1 / 4, -0.4, 0.7],
  [3 / 8, -0.4, 1.4],
  [1 / 2, -0.4, 5.3],
  [1 / 2, 1.2, Infinity],
  [1, 16.6, Infinity],
  [2, 40.5, Infinity],
  [3, 60, Infinity],
  [4, 70, Infinity],
]

/** Frequency above the midband, relative to it, that octave breakpoint `x` is for a 1/b-octave band (5.10.3). */
export function breakpoint(x: number, b: number): number {
  return 1 + ((OCTAVE ** (1 / (2 * b)) - 1) / (OCTAVE ** 0.5 - 1)) * (OCTAVE ** x - 1)
}

/** Limits of class 1 at frequency ratio `omega` from the midband, linear in log frequency between breakpoints. */
export function limits(omega: number, b: number): { least: number; most: number } {
  const ratio = Math.max(omega, 1 / omega)
  for (let i = 1; i < BREAKPOINTS.length; i++) {
    const [x1, least1, most1] = BREAKPOINTS[i - 1]!
    const [x2, least2, most2] = BREAKPOINTS[i]!
    const [w1, w2] = [breakpoint(x1, b), breakpoint(x2, b)]
    if (ratio > w2 || w2 === w1) continue
    const t = Math.log(ratio / w1) / Math.log(w2 / w1)
    return { least: least1 + t * (least2 - least1), most: most1 < Infinity ? most1 + t * (most2 - most1) : Infinity }
  }
  return { least: 70, most: Infinity }
}
