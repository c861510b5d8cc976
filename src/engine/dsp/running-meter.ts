/** A meter at work in kernels of its own. */
import type { StreamFormat } from '#shared/pcm.ts'
import type { Kernels } from '#dsp/kernels.ts'
import { readingLength, type Meter, type MeterDefinition, type Settings } from '#meters/meter.ts'

export interface RunningMeter {
  readonly definition: MeterDefinition
  readonly meter: Meter
  /** Values of a reading. */
  readonly length: number
  readonly kernels: Kernels
}

export function startMeter(
  definition: MeterDefinition,
  format: StreamFormat,
  kernels: Kernels,
  settings: Settings = {},
): RunningMeter {
  const meter = definition.create(format, settings, kernels)
  return { definition, meter, length: readingLength(definition.layout(format)), kernels }
}
