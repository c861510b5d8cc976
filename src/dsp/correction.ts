/**
 * The filter that undoes a microphone's response: the minimum-phase FIR whose magnitude is the negative of the
 * calibration file, 0 dB at 1 kHz. Minimum phase, because a linear-phase filter of any affordable length is decibels off
 * in the bass and delays by half its length (docs/decisions/0004-minimum-phase-calibration.md).
 */
import { type Result, fail, ok } from '#shared/result.ts'
import type { CalibrationFile } from './calibration-file.ts'
import { RealFft } from './fft.ts'

export interface Correction {
  readonly rate: number
  /** Impulse response at `rate`. */
  readonly taps: Float32Array<ArrayBuffer>
  /** Largest deviation of the taps' own response from the wanted correction, 20 Hz to 20 kHz (or half the rate), dB. */
  readonly residualDb: number
  /** The same without a filter: the largest error that the microphone has. */
  readonly uncorrectedDb: number
}

/** The shortest filter within this is taken. */
const RESIDUAL_LIMIT_DB = 0.1
/** A filter that leaves more than half of the microphone's error is refused: what it does elsewhere is no better. */
const MAX_SHARE_LEFT = 0.5
/** Lengths tried, in frames at 48 kHz; longer in proportion at higher rates, because bass needs time, not taps. */
const LENGTHS = [4096, 8192, 16384] as const
const REFERENCE_RATE = 48_000
/** Where the correction is wanted and its residual is measured. */
const LOW_HZ = 20
const HIGH_HZ = 20_000
export const CORRECTED_HZ = { low: LOW_HZ, high: HIGH_HZ } as const
const NORMAL_HZ = 1000
/** The transform is this much longer than the longest filter, so that the cepstrum does not fold over itself. */
const TRANSFORM_FACTOR = 8
/** Below 20 Hz the correction runs out over this much (one octave) ... */
const EASE_LN = Math.LN2
/** ... from a slope of at most 12 dB an octave, so it rises by 6 dB at most beyond its value at 20 Hz. */
const MAX_SLOPE_DB_PER_LN = 12 / Math.LN2
const SLOPE_TOP_HZ = 22.4
const NEPER_PER_DB = Math.LN10 / 20

/**
 * Fault `bad-calibration` where even the longest filter leaves more than half of the error that there is without one.
 * Takes some 0.1 s: not for an audio callback.
 */
export function designCorrection(file: CalibrationFile, rate: number): Result<Correction> {
  const lengths = LENGTHS.map((n) => 2 ** Math.ceil(Math.log2((n * rate) / REFERENCE_RATE)))
  const size = lengths.at(-1)! * TRANSFORM_FACTOR
  const fft = new RealFft(size)
  const wanted = wantedDb(file, rate, fft)
  const impulse = minimumPhase(wanted, fft)
  const uncorrectedDb = deviation(wanted, undefined, rate / size)
  let best: Correction | undefined
  for (const length of lengths) {
    const taps = Float32Array.from(impulse.subarray(0, length))
    const residualDb = deviation(wanted, responseDb(taps, fft), rate / size)
    if (!best || residualDb < best.residualDb) best = { rate, taps, residualDb, uncorrectedDb }
    if (residualDb <= RESIDUAL_LIMIT_DB) return ok(best)
  }
  if (best && best.residualDb <= uncorrectedDb * MAX_SHARE_LEFT) return ok(best)
  return fail(
    'bad-calibration',
    `The calibration file cannot be used: its curve is too steep or too jagged for a filter (${best?.residualDb.toFixed(1)} dB ` +
      `off, against ${uncorrectedDb.toFixed(1)} dB without it). Give the file that came with the microphone.`,
  )
}

/**
 * The correction in dB at each bin. Between the file's points it is linear over log frequency; beyond its ends, and above
 * 20 kHz, it is held; below 20 Hz its slope runs out within an octave, so that the bass is not boosted without end.
 */
function wantedDb(file: CalibrationFile, rate: number, fft: RealFft): Float64Array {
  const normal = gainAt(file, NORMAL_HZ)
  const at = (hz: number) => normal - gainAt(file, hz)
  const low = at(LOW_HZ)
  const slope = (at(SLOPE_TOP_HZ) - low) / Math.log(SLOPE_TOP_HZ / LOW_HZ)
  const start = Math.max(-MAX_SLOPE_DB_PER_LN, Math.min(slope, MAX_SLOPE_DB_PER_LN))
  return Float64Array.from({ length: fft.bins }, (_, k) => {
    const hz = (k * rate) / fft.size
    if (hz >= LOW_HZ) return at(Math.min(hz, HIGH_HZ))
    const down = Math.min(Math.log(LOW_HZ / hz), EASE_LN)
    return low - start * (down - (down * down) / (2 * EASE_LN))
  })
}

/** The file's gain at a frequency, dB: linear over log frequency, held beyond its ends. */
export function gainAt({ frequency, gainDb }: CalibrationFile, hz: number): number {
  const last = frequency.length - 1
  if (hz <= frequency[0]!) return gainDb[0]!
  if (hz >= frequency[last]!) return gainDb[last]!
  let below = 0
  let above = last
  while (above - below > 1) {
    const middle = (below + above) >> 1
    if (frequency[middle]! <= hz) below = middle
    else above = middle
  }
  const share = Math.log(hz / frequency[below]!) / Math.log(frequency[above]! / frequency[below]!)
  return gainDb[below]! + share * (gainDb[above]! - gainDb[below]!)
}

/**
 * Impulse response of minimum phase with this magnitude: the cepstrum folded onto its causal half (Oppenheim and Schafer,
 * Discrete-Time Signal Processing, 12.2).
 */
function minimumPhase(magnitudeDb: Float64Array, fft: RealFft): Float64Array {
  const half = fft.size / 2
  const re = magnitudeDb.map((db) => db * NEPER_PER_DB)
  const im = new Float64Array(fft.bins)
  const x = new Float64Array(fft.size)
  fft.inverse(re, im, x)
  for (let i = 1; i < half; i++) x[i]! *= 2
  x.fill(0, half + 1)
  fft.forward(x, re, im)
  for (let k = 0; k < fft.bins; k++) {
    const magnitude = Math.exp(re[k]!)
    re[k] = magnitude * Math.cos(im[k]!)
    im[k] = magnitude * Math.sin(im[k]!)
  }
  fft.inverse(re, im, x)
  return x
}

function responseDb(taps: Float32Array, fft: RealFft): Float64Array {
  const x = new Float64Array(fft.size)
  x.set(taps)
  const re = new Float64Array(fft.bins)
  const im = new Float64Array(fft.bins)
  fft.forward(x, re, im)
  return re.map((r, k) => 10 * Math.log10(r * r + im[k]! * im[k]!))
}

function deviation(wanted: Float64Array, got: Float64Array | undefined, binWidth: number): number {
  let worst = 0
  const end = Math.min(wanted.length - 1, Math.ceil(HIGH_HZ / binWidth))
  for (let k = Math.floor(LOW_HZ / binWidth); k <= end; k++) {
    worst = Math.max(worst, Math.abs((got?.[k] ?? 0) - wanted[k]!))
  }
  return worst
}
