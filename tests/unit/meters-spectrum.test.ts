import { describe, expect, it } from 'vitest'
import { type SpectrumSettings, spectrumFrequencies, spectrumMeter } from '#meters/spectrum/meter.ts'
import { type Planes, feed, noise, random, read, tone } from '../support/signals.ts'

function spectrum(planes: Planes, rate: number, block: number | (() => number) = 480): number[] {
  const shape = { rate, channels: planes.length }
  const meter = spectrumMeter.create(shape)
  feed(meter, planes, block)
  return read(meter, spectrumMeter, shape)['db']!
}

const SHAPE = { rate: 48_000, channels: 1 }

function measure(x: Float32Array, settings: SpectrumSettings): Record<string, number[]> {
  const meter = spectrumMeter.create(SHAPE, settings)
  feed(meter, [x], 4800)
  return read(meter, spectrumMeter, SHAPE)
}

describe('spectrum', () => {
  it('has 480 columns evenly spaced on a log axis from 20 Hz to 20 kHz or half the rate', () => {
    for (const [rate, top] of [
      [48_000, 20_000],
      [16_000, 8000],
    ] as const) {
      const f = spectrumFrequencies({ rate, channels: 1 })
      expect(f.length).toBe(480)
      expect(f[0]).toBeCloseTo(20, 9)
      expect(f[479]).toBeCloseTo(top, 6)
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
    expect(spectrum([new Float32Array(48_000)], 48_000)).toEqual(Array(480).fill(-Infinity))
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
    expect(read(meter, spectrumMeter, shape)['db']).toEqual(Array(480).fill(-Infinity))
  })
})

describe('settings of the spectrum', () => {
  it.each([
    ['hann', 0.06],
    ['blackman-harris', 0.02],
    ['flat-top', 0.02],
  ] as const)('%s reads a sine between bins and on them at its level, with every size', (window, tolerance) => {
    for (const size of [512, 1024, 4096, 16_384, 65_536] as const) {
      for (const bin of [50.5, 60, 71.23, 100.75]) {
        const hz = (bin * 48_000) / size
        const db = measure(tone(48_000, [[(1.1 * size) / 48_000, -20]], hz), { window, size })['db']!
        if (hz > 60) expect(Math.abs(Math.max(...db) + 20), `${size}, ${bin}`).toBeLessThan(tolerance)
      }
    }
  })

  it('keeps what is 90 dB below a tone apart from it with Blackman-Harris', () => {
    const loud = tone(48_000, [[1, 0]], 1000.3)
    const soft = tone(48_000, [[1, -85]], 2000.7)
    const f = spectrumFrequencies(SHAPE)
    const at = f.findIndex((hz) => hz > 2000.7)
    const sum = loud.map((v, i) => v + soft[i]!)
    const { db } = measure(sum, { window: 'blackman-harris', size: 8192 })
    expect(Math.max(db![at - 1]!, db![at]!)).toBeCloseTo(-85, 0)
    expect(db![at + 6]).toBeLessThan(-92)
  })

  it.each([
    ['hann', 1.5],
    ['blackman-harris', 2.004],
    ['flat-top', 3.77],
  ] as const)('%s reads white noise as its density times its bandwidth of %f bins', (window, bins) => {
    const size = 1024
    const { db, bandwidth } = measure(noise(48_000 * 20, 3, 0.5), { window, size, average: 'linear' })
    expect(bandwidth![0]! / (48_000 / size)).toBeCloseTo(bins, 2)
    const density = 0.25 / 3 / 24_000
    const wanted = 10 * Math.log10(2 * density * bandwidth![0]!)
    const f = spectrumFrequencies(SHAPE)
    for (let c = 0; c < db!.length; c++) {
      if (f[c]! > (3 * 48_000) / size) expect(Math.abs(db![c]! - wanted), `${f[c]} Hz`).toBeLessThan(0.9)
    }
    const mean = db!.slice(120).reduce((sum, v) => sum + v, 0) / db!.slice(120).length
    expect(Math.abs(mean - wanted)).toBeLessThan(0.4)
  })

  it('averages nothing, with 250 ms, or everything since reset', () => {
    const steps = [
      [2, -20],
      [2, -40],
    ] as const
    const level = (average: 'none' | 'exponential' | 'linear'): number =>
      Math.max(...measure(tone(48_000, steps), { average, window: 'flat-top' })['db']!)
    expect(level('none')).toBeCloseTo(-40, 1)
    expect(level('exponential')).toBeCloseTo(-40, 0)
    expect(Math.abs(level('linear') - (-20 + 10 * Math.log10((1 + 0.01) / 2)))).toBeLessThan(0.15)
  })

  it('makes spectra as often as the overlap says', () => {
    const count = (overlap: 0 | 50 | 75): number => {
      const meter = spectrumMeter.create(SHAPE, { overlap, size: 1024, average: 'none' })
      const x = noise(10_240, 1)
      let changes = 0
      let last = ''
      for (let at = 0; at < x.length; at += 128) {
        meter.process([x.subarray(at, at + 128)], 128)
        const text = String(read(meter, spectrumMeter, SHAPE)['db'])
        if (text !== last && !text.startsWith('-Inf')) changes++
        last = text
      }
      return changes
    }
    expect([count(0), count(50), count(75)]).toEqual([10, 19, 37])
  })

  it('holds peaks until a reset where it is asked to', () => {
    const steps = [
      [1, -20],
      [3, -60],
    ] as const
    const off = measure(tone(48_000, steps), {})
    expect(Math.max(...off['hold']!)).toBe(-Infinity)
    const meter = spectrumMeter.create(SHAPE, { hold: 'on' })
    feed(meter, [tone(48_000, steps)])
    const on = read(meter, spectrumMeter, SHAPE)
    expect(Math.max(...on['hold']!)).toBeCloseTo(-20, 1)
    expect(Math.max(...on['db']!)).toBeLessThan(-50)
    meter.reset()
    expect(Math.max(...read(meter, spectrumMeter, SHAPE)['hold']!)).toBe(-Infinity)
  })

  it('repeats no bin in the bass, with the smallest FFT either', () => {
    const { db } = measure(noise(48_000, 5), { size: 512 })
    for (let c = 1; c < 120; c++) expect(db![c]).not.toBe(db![c - 1])
  })

  it('refuses what is not offered', () => {
    expect(() => spectrumMeter.create(SHAPE, { size: 1000 })).toThrow('size cannot be 1000')
    expect(() => spectrumMeter.create(SHAPE, { window: 'box' })).toThrow('window cannot be box')
  })
})
