import { describe, expect, test } from 'vitest'
import type { Feed } from '#meters/draw/view.ts'
import { shortCount } from '#meters/level/figures.ts'
import { Maxima } from '#meters/level/maxima.ts'
import { barScale, LOOKS, placeOf } from '#meters/level/scale.ts'
import { correlationMeter } from '#meters/correlation/meter.ts'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { readingLength, slotAt } from '#meters/meter.ts'
import { Holds } from '#renderer/holds.ts'

const SHAPE = { rate: 48_000, channels: 2 }
const LOUDNESS = 1
const LAYOUT = loudnessMeter.layout(SHAPE)

/** A reading of the loudness meter with these true peaks since the last reading, and since reset. */
function loudness(peaks: readonly number[], maxima: readonly number[] = peaks): Float32Array {
  const out = new Float32Array(readingLength(LAYOUT)).fill(-Infinity)
  out.set(peaks, slotAt(LAYOUT, 'truePeak').at)
  out.set(maxima, slotAt(LAYOUT, 'truePeakMax').at)
  return out
}

describe('what is held', () => {
  test('is the largest of every reading since the first call, and since it was cleared', () => {
    const holds = new Holds()
    const held = holds.of(LOUDNESS, loudnessMeter, SHAPE, 'truePeak')
    expect([held.values[0], held.values[1]]).toEqual([-Infinity, -Infinity])
    holds.take(LOUDNESS, loudness([-20, -30]))
    holds.take(LOUDNESS, loudness([-25, -10]))
    // Readings of other meters are none of its business.
    holds.take(LOUDNESS + 1, loudness([0, 0]))
    expect([held.values[0], held.values[1]]).toEqual([-20, -10])
    held.clear(0)
    expect([held.values[0], held.values[1]]).toEqual([-Infinity, -10])
    holds.take(LOUDNESS, loudness([-40, -40]))
    expect([held.values[0], held.values[1]]).toEqual([-40, -10])
    expect(holds.of(LOUDNESS, loudnessMeter, SHAPE, 'truePeak')).toBe(held)
  })

  test('is the least where a slot merges so', () => {
    const holds = new Holds()
    const held = holds.of(7, correlationMeter, SHAPE, 'lowest')
    expect(held.values[0]).toBe(Infinity)
    const layout = correlationMeter.layout(SHAPE)
    const out = new Float32Array(readingLength(layout))
    for (const value of [0.5, -0.25, 0.75]) {
      out[slotAt(layout, 'lowest').at] = value
      holds.take(7, out)
    }
    expect(held.values[0]).toBe(-0.25)
  })

  test('cannot be a slot of the last value', () => {
    expect(() => new Holds().of(LOUDNESS, loudnessMeter, SHAPE, 'integrated')).toThrow('cannot be held')
  })
})

describe('true peak maxima', () => {
  function desk() {
    const holds = new Holds()
    let newest: Float32Array | undefined
    const feed = {
      shape: SHAPE,
      memory: new Map<string, number>(),
      readingOf: () => newest,
      held: (_: string, slot: string) => holds.of(LOUDNESS, loudnessMeter, SHAPE, slot),
    }
    const take = (peaks: readonly number[], maxima: readonly number[]): void => {
      newest = loudness(peaks, maxima)
      holds.take(LOUDNESS, newest)
    }
    return { maxima: new Maxima(feed as unknown as Feed), take }
  }

  test('are those since reset until a person clears one, which begins anew with the sound that follows', () => {
    const { maxima, take } = desk()
    expect(maxima.of(0)).toBeUndefined()
    take([-30, -30], [-3, -6])
    expect([maxima.of(0), maxima.of(1)]).toEqual([-3, -6])
    maxima.clear(0)
    take([-30, -30], [-3, -6])
    take([-24, -24], [-3, -6])
    take([-40, -40], [-3, -6])
    expect([maxima.of(0), maxima.of(1)]).toEqual([-24, -6])
  })

  test('begin anew with a reset too, whoever asked for it', () => {
    const { maxima, take } = desk()
    take([-3, -3], [-3, -3])
    maxima.clear(0)
    take([-10, -10], [-3, -3])
    take([-50, -50], [-50, -50])
    expect([maxima.of(0), maxima.of(1)]).toEqual([-50, -50])
  })
})

describe('the bars of levels', () => {
  test('reach from the chosen level to what true peaks may reach', () => {
    for (const lowest of LOOKS.lowest.values) {
      const scale = barScale({ hold: '2 s', lowest, tick: 'none' })
      expect([placeOf(scale, -200), placeOf(scale, scale.lowest), placeOf(scale, 3), placeOf(scale, 10)]).toEqual([
        0, 0, 1, 1,
      ])
      expect(scale.marks.at(-1)).toBe(scale.lowest)
      expect(scale.marks).toEqual(scale.marks.toSorted((a, b) => b - a))
    }
  })

  test('hold peaks as long as was chosen, and align where programmes are', () => {
    const chosen = { lowest: '−60 dB', tick: '−18 dBFS' } as const
    expect(LOOKS.hold.values.map((hold) => barScale({ ...chosen, hold }).hold)).toEqual([0, 2, 10, Infinity])
    const ticks = LOOKS.tick.values.map((tick) => barScale({ hold: 'off', lowest: '−40 dB', tick }).tick)
    expect(ticks).toEqual([undefined, -18, -20, -9])
  })

  test('count overloads in four characters', () => {
    expect([0, 9999, 10_000, 999_999, 3_400_000].map(shortCount)).toEqual(['0', '9999', '10k', '999k', '3M'])
  })
})
