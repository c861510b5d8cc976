/** The curves of a calibration as a person sees them: from the file's rows and from the taps in use, not from what was wished for. */
import type { CalibrationCurves } from '#contract/calibration.ts'
import type { CalibrationFile } from '#dsp/calibration-file.ts'
import { CORRECTED_HZ, gainAt, type Correction } from '#dsp/correction.ts'
import { magnitudeDb } from '#dsp/magnitude.ts'

/** Of what is drawn: a third of an octave beyond what is corrected, so that it can be seen where that ends. */
const SHOWN_HZ = { low: 16, high: 25_000 } as const
const PER_OCTAVE = 24
const NORMAL_HZ = 1000
/** More rows than a picture has columns are told by the line alone. */
const MAX_ROWS = 1000

export function curvesOf(file: CalibrationFile, { taps, rate }: Correction): CalibrationCurves {
  const { low, high } = SHOWN_HZ
  const shown = [...file.frequency].filter((hz) => hz >= low && hz <= high)
  const rows = shown.length > MAX_ROWS ? [] : shown
  const hz = [...new Set([low, ...grid(), high, ...rows])].sort((a, b) => a - b)
  const [first, last] = [file.frequency[0]!, file.frequency.at(-1)!]
  const response = hz.map((f) => (f < first || f > last ? null : gainAt(file, f)))
  const correction = hz.map((f) => (f > rate / 2 ? null : magnitudeDb(taps, f, rate)))
  const normal = gainAt(file, NORMAL_HZ)
  return {
    hz,
    response,
    correction,
    residual: response.map((db, i) => {
      const filter = correction[i]!
      return db === null || filter === null ? null : db - normal + filter
    }),
    rows: rows.map((f) => hz.indexOf(f)),
    from: Math.max(CORRECTED_HZ.low, first),
    to: Math.min(CORRECTED_HZ.high, last, rate / 2),
    rate,
    taps: taps.length,
  }
}

/** 24 to an octave around 1 kHz, inside what is shown. */
function grid(): number[] {
  const below = Math.floor(PER_OCTAVE * Math.log2(NORMAL_HZ / SHOWN_HZ.low))
  const above = Math.floor(PER_OCTAVE * Math.log2(SHOWN_HZ.high / NORMAL_HZ))
  return Array.from({ length: below + above + 1 }, (_, i) => NORMAL_HZ * 2 ** ((i - below) / PER_OCTAVE))
}
