/** Measures a stretch of sound from its first frame to its last, as a take is: before the correction of the microphone. */
import type { StreamFormat } from '#shared/pcm.ts'
import type { Kernels, KernelSource } from '#dsp/kernels.ts'
import { slotAt } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { startMeter, type RunningMeter } from './running-meter.ts'

export interface SpanFigures {
  /** Gated loudness, LUFS; -Infinity without enough sound. */
  readonly integrated: number
  /** LU. */
  readonly range: number
  /** Of the loudest channel, dBTP. */
  readonly truePeak: number
  /** LUFS. */
  readonly momentaryMax: number
  readonly shortTermMax: number
  /** Per channel, dBFS. */
  readonly rms: readonly number[]
}

export class Span {
  readonly #format: StreamFormat
  readonly #kernels: Kernels
  readonly #loudness: RunningMeter
  readonly #level: RunningMeter

  constructor(format: StreamFormat, open: KernelSource) {
    this.#format = format
    this.#kernels = open()
    this.#loudness = this.#start('loudness')
    this.#level = this.#start('level')
  }

  gap(frames: number): void {
    this.#loudness.meter.gap(frames)
    this.#level.meter.gap(frames)
  }

  process(planes: readonly Float32Array[], frames: number): void {
    this.#loudness.meter.process(planes, frames)
    this.#level.meter.process(planes, frames)
  }

  read(): SpanFigures {
    const loudness = this.#slots(this.#loudness)
    const level = this.#slots(this.#level)
    return {
      integrated: loudness('integrated')[0]!,
      range: loudness('lra')[0]!,
      truePeak: Math.max(...loudness('truePeakMax')),
      momentaryMax: loudness('momentaryMax')[0]!,
      shortTermMax: loudness('shortTermMax')[0]!,
      rms: level('rmsTotal'),
    }
  }

  dispose(): void {
    this.#kernels.dispose()
  }

  #start(id: string): RunningMeter {
    return startMeter(METERS[meterIndex(id)]!, this.#format, this.#kernels)
  }

  #slots({ definition, meter, length }: RunningMeter): (slot: string) => number[] {
    const values = new Float32Array(length)
    meter.read(values)
    const layout = definition.layout(this.#format)
    return (slot) => {
      const { at, length: count } = slotAt(layout, slot)
      return [...values.subarray(at, at + count)]
    }
  }
}
