/** Frequency weightings A, C and Z of IEC 61672-1:2013, 5.5 and annex E. */
import { leastSquares } from './least-squares.ts'

/** Poles of the analogue goals, Hz: C has the first and the last twice, A all of them (annex E). */
const F1 = 20.598997
const F2 = 107.65265
const F3 = 737.86223
const F4 = 12194.217
/** Weightings are 0 dB here, Hz. */
const REFERENCE_HZ = 1000

/** Power gain of the analogue goal at `hz`, 0 dB at 1 kHz. */
export function weightingGoal(weighting: 'A' | 'C' | 'Z', hz: number): number {
  if (weighting === 'Z') return 1
  const goal = weighting === 'A' ? analogueA : analogueC
  return goal(hz) / goal(REFERENCE_HZ)
}

function analogueC(hz: number): number {
  const square = hz * hz
  return ((F4 * F4 * square) / ((square + F1 * F1) * (square + F4 * F4))) ** 2
}

function analogueA(hz: number): number {
  const square = hz * hz
  return (analogueC(hz) * square * square) / ((square + F2 * F2) * (square + F3 * F3))
}

/** `y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2`. */
interface Biquad {
  readonly b0: number
  readonly b1: number
  readonly b2: number
  readonly a1: number
  readonly a2: number
}

/**
 * C is `low` (numerator [1, -2, 1]) then `high`; A is C then `middle` (numerator [1, -2, 1]) and a power gain of `gainA`.
 * Z is the sound itself without what no microphone hears: one pole at `zPole` keeps a converter's offset out.
 */
export interface WeightingCoefficients {
  readonly low: { readonly a1: number; readonly a2: number }
  readonly high: Biquad
  readonly middle: { readonly a1: number; readonly a2: number }
  readonly gainA: number
  readonly zPole: number
}

/** Z is 3 dB down here, Hz: 0.04 dB at 10 Hz, where the standard's class 1 begins. */
const Z_CUT_HZ = 1

/**
 * The weightings for any rate. The poles in the bass go through the bilinear transform; the double pole at 12.2 kHz,
 * which that would bend by 2.7 dB at 12.5 kHz (at 48 kHz), is replaced by a second-order section fitted to what is left.
 * Within 0.1 dB of the goal to the lower of 16 kHz and 0.45 of the rate, from 8 kHz up.
 */
export function weightingCoefficients(rate: number): WeightingCoefficients {
  const [p1, p2, p3] = [F1, F2, F3].map((hz) => onePole(hz, rate)) as [number, number, number]
  const low = { a1: -2 * p1, a2: p1 * p1 }
  const middle = { a1: -(p2 + p3), a2: p2 * p3 }
  const powerC = (hz: number): number => highPassPower(low, hz, rate)
  const powerA = (hz: number): number => powerC(hz) * highPassPower(middle, hz, rate)
  const shape = fitHigh(rate, (hz) => {
    const c = weightingGoal('C', hz) / (powerC(hz) / powerC(REFERENCE_HZ))
    const a = weightingGoal('A', hz) / (powerA(hz) / powerA(REFERENCE_HZ))
    return Math.sqrt(a * c)
  })
  const gain = 1 / Math.sqrt(biquadPower(shape, REFERENCE_HZ, rate) * powerC(REFERENCE_HZ))
  return {
    low,
    high: { ...shape, b0: gain * shape.b0, b1: gain * shape.b1, b2: gain * shape.b2 },
    middle,
    gainA: 1 / highPassPower(middle, REFERENCE_HZ, rate),
    zPole: onePole(Z_CUT_HZ, rate),
  }
}

/** Pole in z of a high-pass with its corner at `hz`, by the bilinear transform. */
function onePole(hz: number, rate: number): number {
  const k = (Math.PI * hz) / rate
  return (1 - k) / (1 + k)
}

/** Power gain of [1, -2, 1] over 1, a1, a2. */
function highPassPower({ a1, a2 }: { a1: number; a2: number }, hz: number, rate: number): number {
  return biquadPower({ b0: 1, b1: -2, b2: 1, a1, a2 }, hz, rate)
}

function biquadPower({ b0, b1, b2, a1, a2 }: Biquad, hz: number, rate: number): number {
  const w = (2 * Math.PI * hz) / rate
  const [re, im] = [Math.cos(w), -Math.sin(w)]
  const [re2, im2] = [Math.cos(2 * w), -Math.sin(2 * w)]
  const top = (b0 + b1 * re + b2 * re2) ** 2 + (b1 * im + b2 * im2) ** 2
  return top / ((1 + a1 * re + a2 * re2) ** 2 + (a1 * im + a2 * im2) ** 2)
}

const FIT_POINTS = 300
/** Each pass divides by the denominator of the one before, so that the error becomes that of the ratio. */
const FIT_PASSES = 30

/**
 * The second-order section whose power follows `wanted(hz)`: a ratio of two quadratics in the cosine of frequency, linear in
 * its five unknowns once multiplied out (Sanathanan and Koerner, 1963), and turned into a minimum-phase section afterwards.
 */
function fitHigh(rate: number, wanted: (hz: number) => number): Biquad {
  const exact = Math.min(16_000, 0.45 * rate)
  const points = Array.from({ length: FIT_POINTS }, (_, i) => {
    const hz = ((i + 0.5) / FIT_POINTS) * (rate / 2)
    // Above 20 kHz only enough that the curve stays above zero.
    const weight = hz <= exact ? 1 : hz <= 20_000 ? 0.1 : 0.01
    return { cosine: Math.cos((2 * Math.PI * hz) / rate), power: wanted(hz), weight }
  })
  let solution = [1, 0, 0, 0, 0]
  for (let pass = 0; pass < FIT_PASSES; pass++) {
    const [, , , d1, d2] = solution as [number, number, number, number, number]
    solution = leastSquares(
      points.map(({ cosine: c, power, weight }) => {
        const scale = weight / (power * (1 + d1 * c + d2 * c * c))
        return {
          row: [scale, c * scale, c * c * scale, -power * c * scale, -power * c * c * scale],
          value: power * scale,
        }
      }),
    )
  }
  const [n0, n1, n2, d1, d2] = solution as [number, number, number, number, number]
  const [b0, b1, b2] = minimumPhase(n0, n1, n2)
  const [a0, a1, a2] = minimumPhase(1, d1, d2)
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: a1 / a0, a2: a2 / a0 }
}

/** The polynomial b0 + b1/z + b2/z² with its zeros inside the unit circle and the power p0 + p1 cos w + p2 cos² w. */
function minimumPhase(p0: number, p1: number, p2: number): [number, number, number] {
  const atZero = Math.sqrt(p0 + p1 + p2)
  const atNyquist = Math.sqrt(p0 - p1 + p2)
  const ends = (atZero + atNyquist) / 2
  const b0 = (ends + Math.sqrt(ends * ends - p2)) / 2
  return [b0, (atZero - atNyquist) / 2, ends - b0]
}
