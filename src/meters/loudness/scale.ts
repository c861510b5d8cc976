/** The two scales of EBU Tech 3341, clause 2.7, in either unit: the target stays in its place whatever the unit. */

/** EBU R 128: the level that programmes are brought to, 0 LU. */
export const TARGET_LUFS = -23

/** EBU R 128, ATSC A/85, AES TD1004 for streams of speech and music, and what music services play at. The first is as initially. */
export const TARGETS = ['−23 LUFS', '−24 LUFS', '−16 LUFS', '−14 LUFS', 'Own target'] as const
export type TargetName = (typeof TARGETS)[number]

/** Ends of a target of one's own, LUFS. */
export const LOWEST_TARGET = -40
export const HIGHEST_TARGET = -5

/** LUFS that read 0 LU; `own` where the person has a target of their own. */
export function targetOf(name: TargetName, own: number): number {
  return name === 'Own target' ? own : -Number.parseInt(name.slice(1), 10)
}

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

/** Place on the bar, 0 to 1, of a loudness in LUFS, where `target` reads 0 LU. */
export function place({ lowest, highest }: Scale, lufs: number, target = TARGET_LUFS): number {
  return Math.min(1, Math.max(0, (lufs - target - lowest) / (highest - lowest)))
}

/** A loudness in LUFS as it is read in `unit`. */
export function inUnit(unit: LoudnessUnit, lufs: number, target = TARGET_LUFS): number {
  return unit === 'LU' ? lufs - target : lufs
}
