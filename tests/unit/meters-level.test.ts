import { describe, expect, it } from 'vitest'
import { levelMeter } from '#meters/level/meter.ts'
import { feed, noise, random, read, tone } from '../support/signals.ts'

const RATE = 48_000
const SHAPE = { rate: RATE, channels: 2 }

function start() {
  const meter = levelMeter.create(SHAPE)
  return { meter, read: () => read(meter, levelMeter, SHAPE) }
}

describe('level', () => {
  it('reads a sine 3.01 dB lower in RMS than in peak, and a square alike', () => {
    const { meter, read } = start()
    const square = Float32Array.from({ length: RATE }, (_, i) => (i % 96 < 48 ? 0.5 : -0.5))
    feed(meter, [tone(RATE, [[1, -12]]), square])
    const r = read()
    const half = 20 * Math.log10(0.5)
    for (const name of ['peak', 'peakMax']) {
      expect(r[name]![0]).toBeCloseTo(-12, 3)
      expect(r[name]![1]).toBeCloseTo(half, 5)
    }
    for (const name of ['rms', 'rmsTotal']) {
      expect(r[name]![0]).toBeCloseTo(-15.0103, 3)
      expect(r[name]![1]).toBeCloseTo(half, 5)
    }
  })

  it('keeps the peak since the last reading and since reset apart', () => {
    const { meter, read } = start()
    feed(meter, [tone(RATE, [[0.1, -6]]), tone(RATE, [[0.1, -9]])])
    read()
    feed(meter, [tone(RATE, [[0.1, -20]]), tone(RATE, [[0.1, -20]])])
    const second = read()
    expect(second['peak']![0]).toBeCloseTo(-20, 2)
    expect(second['peakMax']![0]).toBeCloseTo(-6, 2)
    meter.reset()
    feed(meter, [tone(RATE, [[0.1, -40]]), tone(RATE, [[0.1, -40]])])
    const third = read()
    expect(third['peakMax']![0]).toBeCloseTo(-40, 2)
    expect(third['rmsTotal']![0]).toBeCloseTo(-43.01, 2)
  })

  it('pauses maxima, means and counts anywhere in a hop, and shows the present meanwhile', () => {
    const { meter, read } = start()
    const steady = (frames: number, value: number): Float32Array[] =>
      [0, 1].map(() => new Float32Array(frames).fill(value))
    feed(meter, steady(1003, 0.25))
    meter.pause!(true)
    feed(meter, steady(RATE + 77, -1))
    const paused = read()
    const quarter = 20 * Math.log10(0.25)
    expect(paused['peakMax']![0]).toBeCloseTo(quarter, 5)
    expect(paused['rmsTotal']![0]).toBeCloseTo(quarter, 5)
    expect(paused).toMatchObject({ dc: [0.25, 0.25], clips: [0, 0], clipped: [1, 1] })
    expect(paused['peak']![0]).toBeCloseTo(0, 5)
    expect(paused['rms']![0]).toBeCloseTo(0, 5)
    meter.pause!(false)
    feed(meter, steady(1003, 0.75))
    const after = read()
    expect(after['dc']![0]).toBeCloseTo(0.5, 6)
    expect(after['rmsTotal']![0]).toBeCloseTo(10 * Math.log10((0.25 ** 2 + 0.75 ** 2) / 2), 5)
    expect(after['peakMax']![0]).toBeCloseTo(20 * Math.log10(0.75), 5)
  })

  it('counts samples at full scale, the positive end of a 16-bit converter included', () => {
    const { meter, read } = start()
    const x = new Float32Array(480)
    x.set([32767 / 32768, -1, 1, 1.5, 32766 / 32768])
    feed(meter, [x, new Float32Array(480)])
    expect(read()).toMatchObject({ clips: [4, 0], clipped: [1, 0] })
    expect(read()).toMatchObject({ clips: [4, 0], clipped: [0, 0] })
    meter.reset()
    expect(read()['clips']).toEqual([0, 0])
  })

  it('forgets sound after 300 ms and reads -Infinity for silence', () => {
    const { meter, read } = start()
    const x = noise(RATE, 1)
    feed(meter, [x, x])
    const none = new Float32Array(0.3 * RATE)
    feed(meter, [none, none])
    expect(read()['rms']).toEqual([-Infinity, -Infinity])
    expect(read()['peak']).toEqual([-Infinity, -Infinity])
  })

  it('takes a gap for neither sound nor silence', () => {
    const { meter, read } = start()
    const x = tone(RATE, [[1, -12]])
    feed(meter, [x, x])
    meter.gap(0.14 * RATE)
    expect(read()['rms']![0]).toBeCloseTo(-15.01, 2)
    expect(read()['rmsTotal']![0]).toBeCloseTo(-15.01, 2)
    meter.gap(0.02 * RATE)
    expect(read()['rms']![0]).toBe(-Infinity)
    expect(read()['rmsTotal']![0]).toBeCloseTo(-15.01, 2)
    meter.gap(2 ** 50)
    feed(meter, [x, x])
    expect(read()['rms']![0]).toBeCloseTo(-15.01, 2)
  })

  it('reads bit for bit the same however the signal is cut, with a gap and a reset at the same places', () => {
    for (const rate of [44_100, 11_025]) {
      const shape = { rate, channels: 2 }
      const parts = [1, 2, 3].map((seed) => [noise(rate + seed * 77, seed), noise(rate + seed * 77, seed + 9, 1.01)])
      const run = (block: number | (() => number)) => {
        const meter = levelMeter.create(shape)
        feed(meter, parts[0]!, block)
        meter.gap(333)
        feed(meter, parts[1]!, block)
        meter.reset()
        feed(meter, parts[2]!, block)
        return read(meter, levelMeter, shape)
      }
      const whole = run(1 << 30)
      for (let seed = 0; seed < 10; seed++) {
        const next = random(seed)
        expect(run(() => 1 + Math.floor(next() ** 3 * 3000))).toEqual(whole)
      }
      expect(run(1)).toEqual(whole)
    }
  })

  it('never reads NaN, and recovers from samples that are not finite', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, 3e38, 1e-45]) {
      const { meter, read } = start()
      const x = tone(RATE, [[1, -12]])
      x[24_321] = bad
      feed(meter, [x, x])
      for (const values of Object.values(read())) {
        for (const value of values) expect(value === -Infinity || Number.isFinite(value)).toBe(true)
      }
      meter.reset()
      const y = tone(RATE, [[1, -12]])
      feed(meter, [y, y])
      expect(read()['rms']![0]).toBeCloseTo(-15.01, 2)
      expect(read()['rmsTotal']![0]).toBeCloseTo(-15.01, 2)
    }
  })

  it('reads the crest factor of a sine as 3.01 dB, of a square as 0 and of a click by its height', () => {
    const { meter, read } = start()
    const square = Float32Array.from({ length: RATE }, (_, i) => (i % 96 < 48 ? 0.5 : -0.5))
    feed(meter, [tone(RATE, [[1, -12]]), square])
    expect(read()['crest']![0]).toBeCloseTo(3.0103, 2)
    expect(read()['crest']![1]).toBeCloseTo(0, 5)
    const click = new Float32Array(0.3 * RATE)
    click[7000] = 0.5
    feed(meter, [click, new Float32Array(0.3 * RATE)])
    expect(read()['crest']![0]).toBeCloseTo(10 * Math.log10(0.3 * RATE), 2)
    expect(read()['crest']![1]).toBe(-Infinity)
  })

  it('reads the DC offset since reset, whatever rides on it', () => {
    const { meter, read } = start()
    const x = tone(RATE, [[1, -12]]).map((v) => v + 0.01)
    feed(meter, [x, x.map((v) => -v)])
    expect(read()['dc']![0]).toBeCloseTo(0.01, 6)
    expect(read()['dc']![1]).toBeCloseTo(-0.01, 6)
    meter.reset()
    expect(read()['dc']).toEqual([0, 0])
  })

  it('reads the correlation of two channels over 300 ms', () => {
    const { meter, read } = start()
    const correlation = (): number => read()['correlation']![0]!
    const x = noise(RATE, 1)
    expect(correlation()).toBe(-Infinity)
    feed(meter, [x, x.map((v) => 0.3 * v)])
    expect(correlation()).toBeCloseTo(1, 6)
    feed(meter, [x, x.map((v) => -v)])
    expect(correlation()).toBeCloseTo(-1, 6)
    feed(meter, [x, noise(RATE, 2)])
    expect(Math.abs(correlation())).toBeLessThan(0.03)
    const quarter = (phase: number) => Float32Array.from({ length: RATE }, (_, i) => Math.sin(i / 10 + phase))
    feed(meter, [quarter(0), quarter(Math.PI / 3)])
    expect(correlation()).toBeCloseTo(0.5, 2)
    feed(meter, [x, new Float32Array(RATE)])
    expect(correlation()).toBe(-Infinity)
    expect(levelMeter.layout({ rate: RATE, channels: 3 }).map((slot) => slot.name)).not.toContain('correlation')
  })
})
