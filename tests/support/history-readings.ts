/** Readings as a DSP worker sends them, with the figures of the history in their places. */
import type { NodeReadings } from '#contract/frame.ts'
import { readingLength, slotAt, type StreamShape } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'

/** dB by meter and slot, one value a channel, such as `{ 'level.rms': [-20, -21] }`; what is left out is silence. */
export type Figures = Readonly<Record<string, readonly number[]>>

export function reading(shape: StreamShape, capturedAt: number, figures: Figures, flags = 0): NodeReadings {
  const layouts = METERS.map((meter) => meter.layout(shape))
  const readings = layouts.map((layout) => {
    const values = new Float32Array(readingLength(layout)).fill(-Infinity)
    for (const [i, { unit }] of layout.entries())
      if (unit === 'flag') values.fill(0, slotAt(layout, layout[i]!.name).at, slotAt(layout, layout[i]!.name).at + 1)
    return values
  })
  for (const [name, values] of Object.entries(figures)) {
    const [meter, slot] = name.split('.') as [string, string]
    const index = meterIndex(meter)
    readings[index]!.set(values, slotAt(layouts[index]!, slot).at)
  }
  const position = Math.round((capturedAt / 1000) * shape.rate)
  return { key: 1, flags, capturedAt, position, missingFrames: 0, readings }
}

/** Random numbers of 0 to 1 that are the same in every run. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
