import { describe, expect, it } from 'vitest'
import { loudness } from '#dsp/loudness-histogram.ts'
import { LoudnessRange } from '#dsp/loudness-range.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { record } from '../support/accuracy.ts'
import { feed, noise, random, read, tone } from '../support/signals.ts'

const RATE = 48_000
const SHAPE = { rate: RATE, channels: 2 }

/** EBU Tech 3342 as written, over stored values. */
function exactRange(powers: readonly number[]): number {
  const kept = powers.filter((z) => loudness(z) >= -70)
  const threshold = loudness(kept.reduce((a, b) => a + b, 0) / kept.length) - 20
  const sorted = kept
    .map(loudness)
    .filter((l) => l >= threshold)
    .sort((a, b) => a - b)
  const at = (p: number): number => sorted[Math.round((sorted.length - 1) * p)]!
  return at(0.95) - at(0.1)
}

const powerOf = (lufs: number): number => 10 ** ((lufs + 0.691) / 10)

type Steps = readonly (readonly [number, number])[]

function measure(steps: Steps): Record<string, number> {
  const meter = loudnessMeter.create(SHAPE)
  const x = tone(RATE, steps)
  feed(meter, [x, x], 4800)
  return Object.fromEntries(Object.entries(read(meter, loudnessMeter, SHAPE)).map(([name, [value]]) => [name, value!]))
}

const CASES: readonly (readonly [number, number, readonly number[]])[] = [
  [1, 10, [-20, -30]],
  [2, 5, [-20, -15]],
  [3, 20, [-40, -20]],
  [4, 15, [-50, -35, -20, -35, -50]],
]

describe('EBU Tech 3342', () => {
  it.each(CASES)('case %i reads %i LU', (number, wanted, levels) => {
    const { lra } = measure(levels.map((level) => [20, level]))
    record({
      standard: 'EBU Tech 3342',
      case: String(number),
      tolerance: `${wanted} ±1 LU`,
      read: `${lra!.toFixed(2)} LU`,
    })
    expect(Math.abs(lra! - wanted)).toBeLessThan(0.1)
  })

  it.each([
    [1, 0.1],
    [4, 0.1],
  ])('case %i repeated three times reads the same', (number, tolerance) => {
    const steps = CASES[number - 1]![2].map((level) => [20, level] as const)
    const once = measure(steps)['lra']!
    expect(Math.abs(measure([...steps, ...steps, ...steps])['lra']! - once)).toBeLessThanOrEqual(tolerance)
  })

  it('is within 0.02 LU of the exact method over hours of programmes of every kind', () => {
    for (let seed = 0; seed < 20; seed++) {
      const next = random(seed)
      const centre = -60 + 50 * next()
      const spread = 1 + 25 * next()
      const values: number[] = []
      let level = centre
      for (let i = 0; i < 36_000; i++) {
        if (next() < 0.02) level = centre + spread * (next() + next() - 1)
        values.push(powerOf(level + next() - 0.5))
      }
      const range = new LoudnessRange()
      for (const value of values) range.add(value)
      expect(Math.abs(range.range - exactRange(values)), `${seed}`).toBeLessThan(0.02)
    }
  })

  it('has no figure before the first whole 3 s, nor below -70 LUFS', () => {
    expect(measure([[2.98, -20]])['lra']).toBe(-Infinity)
    expect(measure([[3, -20]])['lra']).toBe(0)
    expect(measure([[6, -75]])['lra']).toBe(-Infinity)
  })

  it('is marked as not stable during the first 60 s', () => {
    const meter = loudnessMeter.create({ rate: RATE, channels: 1 })
    const unstable = (): number => read(meter, loudnessMeter, { rate: RATE, channels: 1 })['lraUnstable']![0]!
    feed(meter, [noise(RATE * 59, 1)], RATE)
    expect(unstable()).toBe(1)
    feed(meter, [noise(RATE, 2)], RATE)
    expect(unstable()).toBe(0)
    meter.reset()
    expect(unstable()).toBe(1)
  })

  it('starts anew with a reset', () => {
    const range = new LoudnessRange()
    for (const level of [-40, -20]) range.add(powerOf(level))
    expect(range.range).toBeCloseTo(20, 6)
    range.reset()
    expect(range.range).toBe(-Infinity)
    for (const level of [-30, -25]) range.add(powerOf(level))
    expect(range.range).toBeCloseTo(5, 6)
  })
})
