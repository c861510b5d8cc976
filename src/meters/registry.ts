/** Every meter there is. A meter's place here is its number in frames: new ones go to the end. */
import { bandsMeter } from './bands/meter.ts'
import { correlationMeter } from './correlation/meter.ts'
import { levelMeter } from './level/meter.ts'
import { loudnessMeter } from './loudness/meter.ts'
import type { MeterDefinition } from './meter.ts'
import { soundLevelMeter } from './sound-level/meter.ts'
import { spectrogramMeter } from './spectrogram/meter.ts'
import { spectrumMeter } from './spectrum/meter.ts'
import { waveformMeter } from './waveform/meter.ts'

export const METERS: readonly MeterDefinition[] = [
  levelMeter,
  loudnessMeter,
  spectrumMeter,
  spectrogramMeter,
  soundLevelMeter,
  bandsMeter,
  waveformMeter,
  correlationMeter,
]

/** Place of a meter in `METERS`; throws for an id that no meter has, which is our own bug. */
export function meterIndex(id: string): number {
  const index = METERS.findIndex((meter) => meter.id === id)
  if (index < 0) throw new Error(`no meter ${id}`)
  return index
}
