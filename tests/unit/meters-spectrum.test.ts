import { describe, expect, it } from 'vitest'
import { spectrumFrequencies, spectrumMeter } from '#meters/spectrum/meter.ts'
import { type Planes, feed, noise, random, read, tone } from '../support/signals.ts'

function spectrum(planes: Planes, rate: number, block: number | (() => number) = 480): number[] {
  const shape = { rate, channels: planes.length }
  const meter = spectrumMeter.create(shape)
  feed(meter, planes, block)
  return read(meter, spectrumMeter, shape)['db']!
}

describe('spectrum', () => {
  it('has 240 columns evenly spaced on a log axis from 20 Hz to 20 kHz or half the rate', () => {
    for (const [rate, top] of [
      [48_000, 20_000],
      [16_000, 8000],
    ] as const) {
      const f = spectrumFrequencies({ rate, channels: 1 })
      expect(f.length).toBe(240)
      expect(f[0]).toBeCloseTo(20, 9)
      expect(f[239]).toBeCloseTo(top, 6)
      expect(f[120]! / f[119]!).toBeCloseTo(f[1]! / f[0]!, 9)
    }
  })

  it.each([8000, 44_100, 48_000, 192_000])('reads a sine at its level, in its column, at %i Hz', (rate) => {
    const shape = { rate, channels: 1 }
    const f = spectrumFrequencies(shape)
    const next = random(rate)
    for (let i = 0; i < 60; i++) {
      const hz = 60 * (Math.min(18_000, rate * 0.45) / 60) ** next()
      const db = spectrum([tone(rate, [[0.6, -20]], hz)], rate)
      const peak = db.indexOf(Math.max(...db))
      expect(Math.abs(db[peak]! + 20), `${db[peak]} at ${hz} Hz`).toBeLessThan(0.2)
      expect(Math.abs(Math.log(f[peak]! / hz))).toBeLessThan(1.5 * Math.log(f[1]! / f[0]!) + 3 / hz)
    }
  })

  it('resolves neither steps nor repeats in the bass: neighbouring columns differ', () => {
    const db = spectrum([noise(48_000, 5)], 48_000)
    for (let c = 1; c < 120; c++) expect(db[c]).not.toBe(db[c - 1])
  })

  it('mixes channels as the mean of their power', () => {
    const x = tone(48_000, [[0.6, -20]], 1000)
    const one = Math.max(...spectrum([x], 48_000))
    expect(Math.max(...spectrum([x, new Float32Array(x.length)], 48_000))).toBeCloseTo(one - 3.0103, 3)
    expect(Math.max(...spectrum([x, x.map((v) => -v)], 48_000))).toBeCloseTo(one, 4)
  })

  it('falls by the time constant of its average after sound ends', () => {
    const shape = { rate: 48_000, channels: 1 }
    const meter = spectrumMeter.create(shape)
    feed(meter, [tone(48_000, [[2, -20]])])
    const before = Math.max(...read(meter, spectrumMeter, shape)['db']!)
    feed(meter, [new Float32Array(48_000)])
    const after = Math.max(...read(meter, spectrumMeter, shape)['db']!)
    expect(before - after).toBeGreaterThan(13)
    expect(before - after).toBeLessThan(18)
  })

  it('reads bit for bit the same however the signal is cut, with a gap at the same place', () => {
    const shape = { rate: 44_100, channels: 2 }
    const parts = [1, 2].map((seed) => [noise(30_011, seed), noise(30_011, seed + 5)])
    const run = (block: number | (() => number)) => {
      const meter = spectrumMeter.create(shape)
      feed(meter, parts[0]!, block)
      meter.gap(99)
      feed(meter, parts[1]!, block)
      return read(meter, spectrumMeter, shape)
    }
    const whole = run(1 << 30)
    for (let seed = 0; seed < 5; seed++) {
      const next = random(seed)
      expect(run(() => 1 + Math.floor(next() ** 3 * 9000))).toEqual(whole)
    }
    expect(run(1)).toEqual(whole)
  })

  it('puts no window across a gap', () => {
    const shape = { rate: 48_000, channels: 1 }
    const meter = spectrumMeter.create(shape)
    const reads = () => Math.max(...read(meter, spectrumMeter, shape)['db']!)
    feed(meter, [tone(48_000, [[0.08, -20]])])
    meter.gap(1)
    feed(meter, [tone(48_000, [[0.08, -20]])])
    expect(reads()).toBe(-Infinity)
    feed(meter, [tone(48_000, [[0.01, -20]])])
    expect(reads()).toBeGreaterThan(-30)
  })

  it('reads silence as -Infinity and leaves out windows that are not finite', () => {
    expect(spectrum([new Float32Array(48_000)], 48_000)).toEqual(Array(240).fill(-Infinity))
    for (const bad of [Number.NaN, Infinity, 3e38]) {
      const x = tone(48_000, [[1, -20]])
      x[20_000] = bad
      for (const value of spectrum([x, x], 48_000)) expect(value).not.toBeNaN()
    }
    for (const value of spectrum([new Float32Array(48_000).fill(1)], 48_000)) expect(value).not.toBeNaN()
    const shape = { rate: 48_000, channels: 1 }
    const meter = spectrumMeter.create(shape)
    feed(meter, [tone(48_000, [[1, -20]])])
    meter.reset()
    expect(read(meter, spectrumMeter, shape)['db']).toEqual(Array(240).fill(-Infinity))
  })
})
