/** The two scales of EBU Tech 3341, clause 2.7, in either unit: the target stays in its place whatever the unit. */

/** EBU R 128: the level that programmes are brought to, 0 LU. */
export const TARGET_LUFS = -23

/** The first is the one that a meter begins with. */
export const SCALES = ['EBU +9', 'EBU +18'] as const
export const UNITS = ['LUFS', 'LU'] as const
export type ScaleName = (typeof SCALES)[number]
export type LoudnessUnit = (typeof UNITS)[number]

/** Ends and labelled places, LU. */
export interface Scale {
  readonly lowest: number
  readonly highest: number
  readonly marks: readonly number[]
}

export const SCALE: Readonly<Record<ScaleName, Scale>> = {
  'EBU +9': { lowest: -18, highest: 9, marks: [-18, -15, -12, -9, -6, -3, 0, 3, 6, 9] },
  'EBU +18': { lowest: -36, highest: 18, marks: [-36, -30, -24, -18, -12, -6, 0, 6, 12, 18] },
}

/** Place on the bar, 0 to 1, of a loudness in LUFS. */
export function place({ lowest, highest }: Scale, lufs: number): number {
  return Math.min(1, Math.max(0, (lufs - TARGET_LUFS - lowest) / (highest - lowest)))
}

/** A loudness in LUFS as it is read in `unit`. */
export function inUnit(unit: LoudnessUnit, lufs: number): number {
  return unit === 'LU' ? lufs - TARGET_LUFS : lufs
}
