/** Fractional-octave bands of IEC 61260-1:2014: exact frequencies to the base ten, nominal names, and filters for them. */

/** An octave, 10^(3/10) (clause 5.2). */
export const OCTAVE = 10 ** 0.3

export interface Band {
  /** Nominal midband frequency, Hz: the name of the band. */
  readonly nominal: number
  /** Exact midband and edge frequencies, Hz. */
  readonly mid: number
  readonly low: number
  readonly high: number
}

const THIRDS_HZ = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150,
  4000, 5000, 6300, 8000, 10_000, 12_500, 16_000, 20_000,
]
/** Third octaves from 1 kHz down to the first of `THIRDS_HZ`. */
const BELOW_1K = 17
/** A filter's upper edge may come so near to half the rate. */
const HIGHEST_EDGE = 0.94

/** The third octaves from 20 Hz to 20 kHz that fit below half of `rate`, lowest first. */
export function thirdOctaves(rate: number): readonly Band[] {
  const half = OCTAVE ** (1 / 6)
  return THIRDS_HZ.map((nominal, i) => {
    const mid = 1000 * OCTAVE ** ((i - BELOW_1K) / 3)
    return { nominal, mid, low: mid / half, high: mid * half }
  }).filter(({ high }) => high <= (HIGHEST_EDGE * rate) / 2)
}

/** The octaves from 31.5 Hz to 16 kHz all of whose thirds exist at `rate`. Octave i is thirds 3i + 1 to 3i + 3. */
export function octaves(rate: number): readonly Band[] {
  const thirds = thirdOctaves(rate)
  return thirds
    .filter((_, i) => i % 3 === 2 && i + 1 < thirds.length)
    .map(({ nominal, mid }) => ({ nominal, mid, low: mid / OCTAVE ** 0.5, high: mid * OCTAVE ** 0.5 }))
}

/** A Butterworth band-pass as second-order sections with numerator [1, 0, -1]; its power gain is 1 after `gain`. */
export interface BandFilter {
  /** a1, a2 of one section after another. */
  readonly poles: Float64Array
  readonly gain: number
}

/**
 * Order 6 (three sections) meets class 1 while the upper edge is below this share of the rate; nearer to half the rate the
 * bilinear transform flattens the lower skirt, and order 8 is needed.
 */
const ORDER_6_EDGE = 0.24

/** Filter of a band for sound at `rate`: Butterworth, its edges (3 dB down) exact. */
export function designBand({ low, high }: Band, rate: number): BandFilter {
  const order = high / rate > ORDER_6_EDGE ? 4 : 3
  const w1 = Math.tan((Math.PI * low) / rate)
  const w2 = Math.tan((Math.PI * high) / rate)
  const poles = new Float64Array(2 * order)
  let at = 0
  // Low-pass prototype poles of the upper half plane; each becomes two poles here, each of them with its conjugate.
  for (let k = 0; k < Math.ceil(order / 2); k++) {
    const angle = Math.PI * (0.5 + (2 * k + 1) / (2 * order))
    const real = angle > Math.PI - 1e-9
    // s² - p (w2 - w1) s + w1 w2 = 0
    const re = (Math.cos(angle) * (w2 - w1)) / 2
    const im = real ? 0 : (Math.sin(angle) * (w2 - w1)) / 2
    const [rootRe, rootIm] = squareRoot(re * re - im * im - w1 * w2, 2 * re * im)
    for (const sign of real ? [1] : [1, -1]) {
      const section = transformed(re + sign * rootRe, im + sign * rootIm)
      poles[at++] = section.a1
      poles[at++] = section.a2
    }
  }
  const mid = (Math.atan(Math.sqrt(w1 * w2)) * rate) / Math.PI
  return { poles, gain: 1 / bandPower({ poles, gain: 1 }, mid, rate) }
}

/** Section of the pole pair s and its conjugate, through the bilinear transform. */
function transformed(re: number, im: number): { a1: number; a2: number } {
  const size = (1 - re) ** 2 + im * im
  return { a1: (-2 * (1 - re * re - im * im)) / size, a2: ((1 + re) ** 2 + im * im) / size }
}

/** The complex root with a real part of 0 or more. */
function squareRoot(re: number, im: number): [number, number] {
  const size = Math.hypot(re, im)
  const root = Math.sqrt((size + re) / 2)
  const other = Math.sqrt((size - re) / 2)
  return [root, im < 0 ? -other : other]
}

/** Power gain of the filter at `hz`. */
export function bandPower({ poles, gain }: BandFilter, hz: number, rate: number): number {
  const w = (2 * Math.PI * hz) / rate
  let power = gain
  for (let i = 0; i < poles.length; i += 2) {
    const re = 1 + poles[i]! * Math.cos(w) + poles[i + 1]! * Math.cos(2 * w)
    const im = poles[i]! * Math.sin(w) + poles[i + 1]! * Math.sin(2 * w)
    power *= (2 * Math.sin(w)) ** 2 / (re * re + im * im)
  }
  return power
}
