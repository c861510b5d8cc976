/** Short ways to what the loudness meter reads, for tests of it. */
import { expect } from 'vitest'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { type Planes, feed, read, tone } from './signals.ts'

export const RATE = 48_000
/** EBU Tech 3341 allows ±0.1; the exact signal must read within half of that. */
export const TOLERANCE = 0.05

export function measure(planes: Planes, block: number | (() => number) = 480, rate = RATE): Record<string, number> {
  const shape = { rate, channels: planes.length }
  const meter = loudnessMeter.create(shape)
  feed(meter, planes, block)
  return first(read(meter, loudnessMeter, shape))
}

export function first(reading: Record<string, number[]>): Record<string, number> {
  return Object.fromEntries(Object.entries(reading).map(([name, values]) => [name, values[0]!]))
}

export function stereo(steps: readonly (readonly [number, number])[]): Planes {
  const x = tone(RATE, steps)
  return [x, x]
}

export function near(value: number | undefined, wanted: number, tolerance = TOLERANCE): void {
  expect(Math.abs(value! - wanted), `${value} against ${wanted}`).toBeLessThanOrEqual(tolerance)
}
