/** The calibration in words: what each convention takes the Sens Factor for, and where an offset is from. */
import type { SplView } from '#contract/state.ts'
import { formatLevel } from '#meters/draw/format.ts'

export interface ConventionWords {
  readonly title: string
  readonly formula: string
}

export const CONVENTIONS: Readonly<Record<string, ConventionWords>> = {
  rew: {
    title: 'Room EQ Wizard, for the UMIK-1',
    formula: 'dB SPL = dBFS + 124 − Sens Factor, at full capture volume',
  },
  nominal: {
    title: 'Nominal sensitivity of −18 dBFS at 94 dB',
    formula: 'dB SPL = dBFS + 112 − Sens Factor, 12 dB below Room EQ Wizard',
  },
  direct: {
    title: 'Sens Factor as the reading at 94 dB, for the UMIK-2',
    formula: 'dB SPL = dBFS + 94 − Sens Factor',
  },
}

export const VOLUME_HELP =
  'It holds for the capture volume that it was found at: any other volume or gain of the sound device shifts every reading by as much.'

/** "+123.51 dB". */
export function formatOffset(db: number): string {
  return `${db >= 0 ? '+' : ''}${formatLevel(db, 2)} dB`
}

/** "dBFS + 123.51 dB". */
export function formatSum(offsetDb: number): string {
  return `dBFS ${offsetDb < 0 ? '−' : '+'} ${formatLevel(Math.abs(offsetDb), 2)} dB`
}

/** What levels with an offset are in. */
export function levelUnitOf({ estimate }: SplView): 'dB SPL' | 'dB SPL est.' {
  return estimate ? 'dB SPL est.' : 'dB SPL'
}

/** "1000.0 Hz". */
export function formatTone(hz: number): string {
  return `${hz.toFixed(1)} Hz`
}

/** Where an offset is from: one sentence. */
export function provenanceOf({ provenance, convention, measuredAt, calibrator }: SplView): string {
  const on = measuredAt === undefined ? '' : ` on ${formatDay(measuredAt)}`
  if (provenance === 'typed') return `Typed by hand${on}`
  if (provenance === 'calibrator' && calibrator)
    return `Calibrator of ${calibrator.level} dB at ${formatTone(calibrator.hz)}${on}`
  return `Estimate: ${CONVENTIONS[convention ?? '']?.title ?? convention}`
}

/** "2026-11-21" in this computer's zone. */
export function formatDay(ms: number): string {
  const date = new Date(ms)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
