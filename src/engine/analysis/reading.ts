import type { Kernels } from '#dsp/kernels.ts'
import { readingLength, slotAt, type Meter, type Slot, type StreamShape } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'

/** A meter of the registry at work, its figures to be had by name. */
export class Reading {
  readonly meter: Meter
  readonly #layout: readonly Slot[]
  readonly #values: Float32Array

  constructor(id: string, shape: StreamShape, kernels: Kernels) {
    const definition = METERS[meterIndex(id)]!
    this.meter = definition.create(shape, {}, kernels)
    this.#layout = definition.layout(shape)
    this.#values = new Float32Array(readingLength(this.#layout))
  }

  /** Brings the figures up to date. */
  refresh(): this {
    this.meter.read(this.#values)
    return this
  }

  /** Values of a slot, -Infinity where there is no figure; throws for a name the meter does not have, which is our own bug. */
  each(slot: string): readonly number[] {
    const { at, length } = slotAt(this.#layout, slot)
    return [...this.#values.subarray(at, at + length)]
  }

  one(slot: string): number {
    return this.each(slot)[0]!
  }
}
