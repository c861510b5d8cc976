/** What a whole file measures. Lists hold a value a channel; -Infinity is silence or no figure. */
import { octaves, thirdOctaves, type Band } from '#dsp/bands.ts'
import type { StreamShape } from '#meters/meter.ts'
import type { Reading } from './reading.ts'

/** Level of a band, dBFS. */
export interface BandFigures {
  /** Nominal midband frequency, Hz. */
  readonly hz: number
  readonly leq: readonly number[]
  /** Largest F-weighted level. */
  readonly max: readonly number[]
}

export interface Figures {
  /** LUFS; an incomplete gating block at the end is dropped. */
  readonly integrated: number
  readonly momentaryMax: number
  readonly shortTermMax: number
  /** LU; 1.5 s of silence follow the file (EBU Tech 3342). */
  readonly lra: number
  /** False below 60 s of sound (EBU Tech 3341). */
  readonly lraStable: boolean
  /** Largest true peak less integrated loudness, LU. */
  readonly plr: number
  /** dBTP. */
  readonly truePeak: readonly number[]
  /** dBFS. */
  readonly samplePeak: readonly number[]
  readonly rms: readonly number[]
  /** Sample peak over RMS, dB. */
  readonly crest: readonly number[]
  /** Mean, full scale 1. */
  readonly dc: readonly number[]
  /** Samples at full scale, as captured. */
  readonly clips: readonly number[]
  /** Sound level, dBFS. `lae` is the energy of `laeq` in one second. */
  readonly laeq: readonly number[]
  readonly lceq: readonly number[]
  readonly lzeq: readonly number[]
  readonly lae: readonly number[]
  /** Largest and least of LAF, LAS, ... by name, such as `lafMax`. */
  readonly extremes: Readonly<Record<string, readonly number[]>>
  readonly lcPeak: readonly number[]
  /** LAF exceeded for so many per cent of the time: `l1`, `l5`, `l10`, `l50`, `l90`, `l95`, `l99`. */
  readonly percentiles: Readonly<Record<string, readonly number[]>>
  /** Third octaves and octaves. */
  readonly bands: readonly BandFigures[]
  readonly octaves: readonly BandFigures[]
}

export interface Readings {
  readonly loudness: Reading
  readonly level: Reading
  readonly soundLevel: Reading
  readonly bands: Reading
}

const LEVELS = ['LAF', 'LAS', 'LAI', 'LCF', 'LCS', 'LZF', 'LZS'] as const
const PERCENTS = [1, 5, 10, 50, 90, 95, 99] as const

/** `silence` plays silence to the loudness meter, for what needs the end of the sound to have passed. */
export function figuresOf(readings: Readings, shape: StreamShape, silence: () => void): Figures {
  const loudness = readings.loudness.refresh()
  const level = readings.level.refresh()
  const sound = readings.soundLevel.refresh()
  const bands = readings.bands.refresh()
  const integrated = loudness.one('integrated')
  const momentaryMax = loudness.one('momentaryMax')
  const shortTermMax = loudness.one('shortTermMax')
  const lraStable = loudness.one('lraUnstable') === 0
  silence()
  const truePeak = loudness.refresh().each('truePeakMax')
  const samplePeak = level.each('peakMax')
  const rms = level.each('rmsTotal')
  return {
    integrated,
    momentaryMax,
    shortTermMax,
    lra: loudness.one('lra'),
    lraStable,
    plr: integrated === -Infinity ? -Infinity : Math.max(...truePeak) - integrated,
    truePeak,
    samplePeak,
    rms,
    crest: rms.map((db, c) => (db === -Infinity ? -Infinity : samplePeak[c]! - db)),
    dc: level.each('dc'),
    clips: level.each('clips'),
    laeq: sound.each('LAeq'),
    lceq: sound.each('LCeq'),
    lzeq: sound.each('LZeq'),
    lae: sound.each('LAE'),
    extremes: Object.fromEntries(
      LEVELS.flatMap((name) => [
        [`${name.toLowerCase()}Max`, sound.each(`${name}max`)],
        [`${name.toLowerCase()}Min`, sound.each(`${name}min`)],
      ]),
    ),
    lcPeak: sound.each('LCpeakMax'),
    percentiles: Object.fromEntries(PERCENTS.map((percent) => [`l${percent}`, sound.each(`L${percent}`)])),
    bands: bandFigures(bands, thirdOctaves(shape.rate), 'third', shape.channels),
    octaves: bandFigures(bands, octaves(shape.rate), 'octave', shape.channels),
  }
}

function bandFigures(reading: Reading, all: readonly Band[], kind: string, channels: number): BandFigures[] {
  const leq = reading.each(`${kind}Eq`)
  const max = reading.each(`${kind}Fmax`)
  const ofBand = (values: readonly number[], band: number): number[] =>
    Array.from({ length: channels }, (_, c) => values[c * all.length + band]!)
  return all.map(({ nominal }, i) => ({ hz: nominal, leq: ofBand(leq, i), max: ofBand(max, i) }))
}
