/** The figures of a file as a table for people and as fields of JSON. */
import type { AnalysisSubject, BandFigures, Figures, HistoryRow } from '#engine/analysis/analyze.ts'
import { describeFormat } from '#shared/pcm.ts'

/** A value, or one a channel. */
type Value = number | readonly number[]

export function headText(file: string, { format, seconds, calibration }: AnalysisSubject): string {
  const head = `${file}: ${describeFormat(format)}, ${seconds.toFixed(2)} s`
  if (!calibration) return `${head}\nCalibration: none\n`
  const serial = calibration.serial === null ? '' : `${calibration.serial}, `
  const lines = [head, `Calibration: ${serial}${calibration.file}, within ${calibration.residualDb.toFixed(2)} dB`]
  const spl = calibration.spl.find(({ fits }) => fits)
  if (spl)
    lines.push(
      `Sound pressure: add ${spl.offsetDb.toFixed(1)} for dB SPL (an estimate, by the convention "${spl.convention}")`,
    )
  return `${lines.join('\n')}\n`
}

export function figuresText(figures: Figures, channels: number): string {
  const line = (name: string, value: Value, unit: string, digits = 1): string => {
    const values = typeof value === 'number' ? [value] : value
    return `  ${name.padEnd(18)}${values.map((v) => number(v, digits)).join(' ')} ${unit}`
  }
  const extremes = Object.entries(figures.extremes).filter(([name]) => name.startsWith('la'))
  const heading = Array.from({ length: channels }, (_, c) => String(c + 1).padStart(WIDTH)).join(' ')
  const range = figures.lraStable ? 'LU' : 'LU (of less than 60 s: not stable)'
  return [
    'Loudness (ITU-R BS.1770-5, EBU R128)',
    line('integrated', figures.integrated, 'LUFS'),
    line('momentary max', figures.momentaryMax, 'LUFS'),
    line('short-term max', figures.shortTermMax, 'LUFS'),
    line('range', figures.lra, range),
    line('peak to loudness', figures.plr, 'LU'),
    '',
    `${'Level, by channel'.padEnd(20)}${heading}`,
    line('true peak', figures.truePeak, 'dBTP'),
    line('sample peak', figures.samplePeak, 'dBFS'),
    line('RMS', figures.rms, 'dBFS'),
    line('crest factor', figures.crest, 'dB'),
    line('DC offset', figures.dc, 'of full scale', 5),
    line('clipped samples', figures.clips, '', 0).trimEnd(),
    '',
    'Sound level (IEC 61672-1), without the sensitivity of the microphone',
    ...([...weighted(figures), ...extremes.map(nicer), ...Object.entries(figures.percentiles).map(nicer)] as const).map(
      ([name, value]) => line(name, value, 'dBFS'),
    ),
    '',
    'Third octaves (IEC 61260-1), Leq',
    ...figures.bands.map(({ hz, leq }) => line(`${hz} Hz`, leq, 'dBFS')),
  ].join('\n')
}

const WIDTH = 7

function number(value: number, digits: number): string {
  return (Number.isFinite(value) ? value.toFixed(digits).replace(/^-(0\.?0*)$/, '$1') : '-inf').padStart(WIDTH)
}

function weighted({ laeq, lceq, lzeq, lae, lcPeak }: Figures): [string, readonly number[]][] {
  return [
    ['LAeq', laeq],
    ['LCeq', lceq],
    ['LZeq', lzeq],
    ['LAE', lae],
    ['LCpeak', lcPeak],
  ]
}

/** "lafMax" as the field writes it: "LAFmax". */
function nicer([name, value]: [string, readonly number[]]): [string, readonly number[]] {
  return [name.replace(/^l[a-z]*/, (level) => level.toUpperCase()).replace(/M(?=ax|in)/, 'm'), value]
}

/** What is known before the sound is read. */
export function headFields(file: string, { format, seconds, missingSeconds, calibration }: AnalysisSubject): object {
  return {
    file,
    format,
    seconds,
    ...(missingSeconds > 0 && { missingSeconds }),
    calibration: calibration && {
      ...calibration,
      residualDb: rounded(calibration.residualDb),
      spl: calibration.spl.map((estimate) => ({ ...estimate, offsetDb: rounded(estimate.offsetDb) })),
    },
  }
}

export function figuresFields(figures: Figures, notFinite: number): object {
  const { extremes, percentiles, bands, octaves, lraStable, dc, ...rest } = figures
  return {
    ...fields(rest),
    lraStable,
    dc: dc.map((mean) => Math.round(mean * 1e6) / 1e6),
    ...fields(extremes),
    ...fields(percentiles),
    bands: bands.map(bandFields),
    octaves: octaves.map(bandFields),
    notFinite,
  }
}

export function rowFields(row: HistoryRow): object {
  return { ...fields({ ...row }), time: row.time }
}

function bandFields({ hz, leq, max }: BandFigures): object {
  return { hz, ...fields({ leq, max }) }
}

/** Silence is null: JSON has no infinity. */
function fields(values: Readonly<Record<string, Value>>): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? finite(value) : value.map(finite),
    ]),
  )
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null
}

/** A thousandth of a decibel is far below what any meter here resolves. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
