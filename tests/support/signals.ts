/** Signals and small helpers for tests of meters and filters. Levels are peak dBFS. */
import type { Meter, MeterDefinition, StreamShape } from '#meters/meter.ts'
import { readingLength, slotAt } from '#meters/meter.ts'

export type Planes = Float32Array[]

/** A repeatable random number in [0, 1) (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A sine of one level after another, its phase unbroken: [seconds, peak dBFS] each. */
export function tone(rate: number, steps: readonly (readonly [number, number])[], hz = 1000): Float32Array {
  const lengths = steps.map(([seconds]) => Math.round(seconds * rate))
  const out = new Float32Array(lengths.reduce((a, b) => a + b, 0))
  let at = 0
  steps.forEach(([, db], s) => {
    const amplitude = 10 ** (db / 20)
    for (const end = at + lengths[s]!; at < end; at++) out[at] = amplitude * Math.sin((2 * Math.PI * hz * at) / rate)
  })
  return out
}

/** White noise, uniform in ±amplitude. */
export function noise(frames: number, seed: number, amplitude = 0.5): Float32Array {
  const next = random(seed)
  return Float32Array.from({ length: frames }, () => amplitude * (2 * next() - 1))
}

/** Feeds `planes` in blocks of `block` frames, or of what `block` returns. */
export function feed(meter: Meter, planes: Planes, block: number | (() => number) = 480): void {
  const frames = planes[0]!.length
  for (let at = 0; at < frames;) {
    const n = Math.min(typeof block === 'number' ? block : block(), frames - at)
    meter.process(
      planes.map((plane) => plane.subarray(at, at + n)),
      n,
    )
    at += n
  }
}

/** The reading as numbers by slot name. */
export function read(meter: Meter, definition: MeterDefinition, shape: StreamShape): Record<string, number[]> {
  const layout = definition.layout(shape)
  const out = new Float32Array(readingLength(layout))
  meter.read(out)
  return Object.fromEntries(
    layout.map((slot) => {
      const { at, length } = slotAt(layout, slot.name)
      return [slot.name, [...out.subarray(at, at + length)]]
    }),
  )
}
