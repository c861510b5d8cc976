/** The invariant of every meter: a reading depends on samples and their positions, never on how they were cut into blocks. */
import { expect } from 'vitest'
import type { MeterDefinition } from '#meters/meter.ts'
import { feed, noise, random, read, type Planes } from './signals.ts'

/** Two channels of noise with gaps and a reset at the same places, cut in many ways, at two rates. */
export function expectSameHoweverCut(definition: MeterDefinition): void {
  for (const rate of [44_100, 16_000]) {
    const shape = { rate, channels: 2 }
    const parts: Planes[] = [1, 2, 3, 4].map((seed) => [
      noise(rate + seed * 77, seed),
      noise(rate + seed * 77, seed + 9, 1.01),
    ])
    const run = (block: number | (() => number), gapBlock: number) => {
      const meter = definition.create(shape)
      const lose = (frames: number): void => {
        for (let left = frames; left > 0; left -= gapBlock) meter.gap(Math.min(left, gapBlock))
      }
      feed(meter, parts[0]!, block)
      lose(333)
      feed(meter, parts[1]!, block)
      meter.reset()
      feed(meter, parts[2]!, block)
      lose(12 * rate + 5)
      feed(meter, parts[3]!, block)
      return read(meter, definition, shape)
    }
    const whole = run(1 << 30, 1 << 30)
    for (let seed = 0; seed < 4; seed++) {
      const next = random(seed)
      expect(run(() => 1 + Math.floor(next() ** 3 * 3000), 1000 * (seed + 1))).toEqual(whole)
    }
    expect(run(1, 77)).toEqual(whole)
  }
}
