/**
 * From a calibration file's `Sens Factor` to sound pressure: SPL = dBFS + offset, where dBFS is RMS with a full-scale square
 * wave at 0 (a full-scale sine is -3.01). No manufacturer has published what `Sens Factor` refers to; three readings are in
 * use and they are up to 30 dB apart. Each is an estimate until a calibrator has checked it.
 */
import type { CalibrationFile } from './calibration-file.ts'

export type Model = 'umik-1' | 'umik-2'

export interface SplConvention {
  readonly id: string
  /** offset = referenceDb - SensFactor: the sound pressure level at 0 dBFS of a microphone whose factor is 0. */
  readonly referenceDb: number
  /** The model that this reading is known to fit. */
  readonly model?: Model
}

export const SPL_CONVENTIONS: readonly SplConvention[] = [
  /** As Room EQ Wizard reads a UMIK-1, at full capture volume: 94 dB SPL is SensFactor - 30 dBFS. */
  { id: 'rew', referenceDb: 124, model: 'umik-1' },
  /** 94 dB SPL is SensFactor - 18 dBFS: the nominal sensitivity of the data sheet, 12 dB below Room EQ Wizard. */
  { id: 'nominal', referenceDb: 112 },
  /** 94 dB SPL is SensFactor dBFS: plausible for a UMIK-2 only. */
  { id: 'direct', referenceDb: 94, model: 'umik-2' },
]

/** What a convention makes of a file. */
export interface SplEstimate {
  readonly convention: string
  readonly offsetDb: number
  /** It is the one for this model. */
  readonly fits: boolean
}

/**
 * Every convention's offset for a file, none for a file without `Sens Factor`: Dayton's sensitivity is re 1 V/Pa and says
 * nothing of the converter behind it. `device` is what the sound device calls itself: "Umik-1  Gain: 18dB".
 */
export function estimateSpl(file: CalibrationFile, device = ''): readonly SplEstimate[] {
  const { sensFactorDb, analogGainDb } = file
  if (sensFactorDb === undefined) return []
  const gainDb = deviceGainDb(device)
  // The factor holds at AGain: a device set to more reads as much louder.
  const moreDb = gainDb === undefined || analogGainDb === undefined ? 0 : gainDb - analogGainDb
  const model = modelOf(file, device)
  return SPL_CONVENTIONS.map((convention) => ({
    convention: convention.id,
    offsetDb: convention.referenceDb - sensFactorDb - moreDb,
    fits: model !== undefined && convention.model === model,
  }))
}

/** By what the device calls itself, else by the serial number: those of the UMIK-1 begin with 7, of the UMIK-2 with 8. */
export function modelOf({ serial }: CalibrationFile, device = ''): Model | undefined {
  const named = /umik[-_ ]?([12])/i.exec(device)?.[1]
  const first = named ?? /^([78])\d{2}-?\d{4}$/.exec(serial ?? '')?.[1]
  if (first === '1' || first === '7') return 'umik-1'
  return first === '2' || first === '8' ? 'umik-2' : undefined
}

function deviceGainDb(device: string): number | undefined {
  const gain = /gain:?\s*([+-]?\d+(?:\.\d+)?)\s*dB/i.exec(device)?.[1]
  return gain === undefined ? undefined : Number(gain)
}
