import { describe, expect, it } from 'vitest'
import { isThere } from '#meters/sound-level/figures.ts'
import { soundLevelMeter } from '#meters/sound-level/meter.ts'
import { readingLength } from '#meters/meter.ts'
import { feed, noise, random, read, tone } from '../support/signals.ts'
import { expectSameHoweverCut } from '../support/cuts.ts'
import { heapInUse } from '../support/heap.ts'
import { RATE, silence, SINE_DB, start } from '../support/sound-level.ts'

describe('statistics', () => {
  it('gives the level exceeded for n per cent of the time', () => {
    const { meter, read } = start()
    feed(meter, [tone(RATE, [[2, -60]])])
    meter.reset()
    // A minute in which each level lasts long beside F: 30 % at -20, 60 % at -40, 10 % at -60.
    feed(meter, [
      tone(RATE, [
        [18, -20],
        [36, -40],
        [6, -60],
      ]),
    ])
    const r = read()
    for (const [name, wanted] of [
      ['L1', -20],
      ['L5', -20],
      ['L10', -20],
      ['L50', -40],
      ['L95', -60],
      ['L99', -60],
    ] as const) {
      expect(Math.abs(r[name]! - (wanted + SINE_DB)), name).toBeLessThan(0.06)
    }
  })

  it('is within half a class of sorting every sample', () => {
    const { meter, read } = start()
    const next = random(5)
    const x = noise(20 * RATE, 3, 1)
    for (let i = 0; i < x.length; i++) x[i]! *= 10 ** (-1.5 * Math.abs(Math.sin(i / RATE)) - next() * 0.01)
    feed(meter, [x.subarray(0, RATE)])
    meter.reset()
    const levels: number[] = []
    for (let at = RATE; at < x.length; at += 480) {
      feed(meter, [x.subarray(at, at + 480)])
      levels.push(read()['LAF']!)
    }
    levels.sort((a, b) => b - a)
    const r = read()
    for (const percent of [1, 5, 10, 50, 90, 95, 99]) {
      const wanted = levels[Math.max(0, Math.ceil((percent / 100) * levels.length) - 1)]!
      expect(Math.abs(r[`L${percent}`]! - wanted), `L${percent}`).toBeLessThan(0.0501)
    }
  })
})

describe('windows', () => {
  it('average over what was heard and tell how much that was', () => {
    const rate = 8000
    const { meter, read } = start(rate)
    feed(meter, [tone(rate, [[30, -20]])], 8000)
    expect(read()['LAeq1min']).toBeCloseTo(-20 + SINE_DB, 1)
    expect(read()['coverage1min']).toBeCloseTo(0.5, 6)
    meter.gap(15 * rate)
    expect(read()['coverage1s']).toBe(0)
    expect(read()['LAeq1s']).toBe(-Infinity)
    feed(meter, [tone(rate, [[30, -40]])], 8000)
    const r = read()
    expect(r['coverage1min']).toBeCloseTo(0.75, 2)
    expect(r['LAeq1min']).toBeCloseTo(10 * Math.log10((15 * 0.005 + 30 * 0.00005) / 45), 1)
    expect(r['coverage']).toBeCloseTo(60 / 75, 2)
    expect(r['heard']).toBeCloseTo(60, 0)
    expect(r['coverage1h']).toBeCloseTo(60 / 3600, 3)
    meter.gap(2 ** 50)
    const after = read()
    expect(after['coverage1h']).toBe(0)
    expect(after['LAeq1h']).toBe(-Infinity)
    expect(after['LAF']).toBe(-Infinity)
    expect(after['LAFmax']).toBeCloseTo(-20 + SINE_DB, 1)
  })

  it('let an hour go by', () => {
    const rate = 8000
    const { meter, read } = start(rate)
    const loud = tone(rate, [[10, -20]])
    const quiet = tone(rate, [[10, -50]])
    for (let i = 0; i < 360; i++) feed(meter, [i < 36 ? loud : quiet], 8000)
    expect(read()['LAeq1h']).toBeCloseTo(-20 + SINE_DB + 10 * Math.log10(0.1 + 0.9e-3), 1)
    expect(read()['coverage1h']).toBe(1)
    expect(read()['LAeq15min']).toBeCloseTo(-50 + SINE_DB, 1)
    for (let i = 0; i < 36; i++) feed(meter, [quiet], 8000)
    expect(read()['LAeq1h']).toBeCloseTo(-50 + SINE_DB, 1)
    feed(meter, [loud], 8000)
    expect(read()['LAeq5min']).toBeCloseTo(-20 + SINE_DB + 10 * Math.log10(1 / 30 + (29 / 30) * 1e-3), 1)
    for (let i = 0; i < 30; i++) feed(meter, [quiet], 8000)
    expect(read()['LAeq5min']).toBeCloseTo(-50 + SINE_DB, 1)
  })
})

describe('pause', () => {
  it('stops totals, extremes and statistics, not the present', () => {
    const { meter, read } = start()
    feed(meter, [tone(RATE, [[3, -40]])])
    meter.reset()
    feed(meter, [tone(RATE, [[1, -40]])])
    const before = read()
    meter.pause!(true)
    feed(meter, [tone(RATE, [[2, 0]])])
    meter.gap(RATE * 20)
    feed(meter, [tone(RATE, [[2, 0]])])
    const during = read()
    for (const name of ['LAeq', 'LAE', 'LAFmax', 'LAFmin', 'L1', 'LCpeakMax', 'heard', 'coverage', 'overloaded']) {
      expect(during[name], name).toBe(before[name])
    }
    expect(during['LAF']).toBeCloseTo(SINE_DB, 1)
    feed(meter, [tone(RATE, [[3, -40]])])
    meter.pause!(false)
    feed(meter, [tone(RATE, [[1, -40]])])
    expect(read()['heard']).toBeCloseTo(2, 2)
    expect(read()['LAeq']).toBeCloseTo(-40 + SINE_DB, 1)
  })
})

describe('overload', () => {
  it('is shown for a second and kept until reset, by what was captured', () => {
    const { meter, read } = start()
    const quiet = tone(RATE, [[0.5, -20]])
    const clipped = Float32Array.from(quiet)
    clipped[1000] = 1
    meter.process([quiet], quiet.length, [clipped])
    expect(read()).toMatchObject({ overload: 1, overloaded: 1 })
    feed(meter, [quiet])
    expect(read()).toMatchObject({ overload: 1, overloaded: 1 })
    feed(meter, [quiet])
    expect(read()).toMatchObject({ overload: 0, overloaded: 1 })
    meter.reset()
    expect(read()).toMatchObject({ overload: 0, overloaded: 0 })
  })
})

describe('gaps', () => {
  it('do not set a maximum, a minimum or a peak', () => {
    const { meter, read } = start()
    // A cut through loud bass is a broad click, which A would take for 25 dB more than the tone.
    const bass = tone(RATE, [[3, -3]], 31.5)
    feed(meter, [bass])
    meter.reset()
    const before = read()
    for (let i = 0; i < 10; i++) {
      meter.gap(1000 + 137 * i)
      feed(meter, [bass.subarray(31 * i, RATE)])
    }
    const r = read()
    expect(r['LAFmax']! - before['LAF']!).toBeLessThan(0.3)
    expect(r['LAFmin']! - before['LAF']!).toBeGreaterThan(-0.3)
    expect(r['LAImax']! - before['LAI']!).toBeLessThan(0.5)
    expect(r['LCpeakMax']).toBeLessThan(-3 - 3 + 0.3)
  })
})

describe('invariants', () => {
  it('reads bit for bit the same however the signal is cut, with gaps and a reset at the same places', () => {
    expectSameHoweverCut(soundLevelMeter)
  })

  it('never reads NaN, and recovers from samples that are not finite', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, 3e38, 1e-45]) {
      const { meter, read } = start()
      for (const value of Object.values(read())) expect(Number.isNaN(value)).toBe(false)
      const x = tone(RATE, [[1, -12]])
      x[24_321] = bad
      feed(meter, [x])
      for (const value of Object.values(read())) expect(value === -Infinity || Number.isFinite(value)).toBe(true)
      feed(meter, [tone(RATE, [[30, -12]])])
      meter.reset()
      feed(meter, [tone(RATE, [[1, -12]])])
      expect(read()['LAF']).toBeCloseTo(-12 + SINE_DB, 1)
      expect(read()['LAeq']).toBeCloseTo(-12 + SINE_DB, 1)
    }
  })

  it('reads -Infinity for silence and removes DC', () => {
    const { meter, read } = start()
    feed(meter, [new Float32Array(10 * RATE).fill(1)])
    meter.reset()
    feed(meter, [new Float32Array(RATE).fill(1)])
    expect(read()['LZeq']).toBe(-Infinity)
    const silent = start()
    feed(silent.meter, [silence(3)])
    const r = silent.read()
    for (const name of ['LAF', 'LAFmax', 'LAFmin', 'LAeq', 'LCpeakMax', 'L50', 'LAE'])
      expect(r[name], name).toBe(-Infinity)
    expect(r['coverage']).toBe(1)
  })

  it('does not grow the heap', () => {
    const shape = { rate: RATE, channels: 1 }
    const meter = soundLevelMeter.create(shape)
    const out = new Float32Array(readingLength(soundLevelMeter.layout(shape)))
    const planes = [noise(480, 1)]
    const run = (blocks: number): void => {
      for (let i = 0; i < blocks; i++) {
        meter.process(planes, 480)
        if (i % 2 === 0) meter.read(out)
      }
    }
    run(3000)
    const before = heapInUse()
    // Ten minutes.
    run(60_000)
    expect(heapInUse() - before).toBeLessThan(20_000)
  })
})

describe('a maximum on the screen', () => {
  const SHAPE = { rate: 48_000, channels: 1 }

  it('is never below the present level while that settles, and stands from then on', () => {
    const meter = soundLevelMeter.create(SHAPE)
    const second = tone(48_000, [[1, -20]])
    const seen = { dashes: 0, figures: 0 }
    for (let s = 0; s < 9; s++) {
      feed(meter, [second])
      const { LAS, LASmax, heard } = read(meter, soundLevelMeter, SHAPE)
      if (isThere(LASmax![0]!, LAS![0]!, heard![0]!, 'LASmax')) {
        expect(LASmax![0]).toBeGreaterThan(LAS![0]! - 0.02)
        seen.figures++
      } else seen.dashes++
    }
    expect(seen.dashes).toBeGreaterThan(2)
    expect(seen.figures).toBeGreaterThan(2)
  })

  it('is not hidden by a present level above it later on; before the first there is none', () => {
    expect(isThere(-40, -30, 8, 'LASmax')).toBe(true)
    expect(isThere(-40, -30, 6, 'LASmax')).toBe(false)
    expect(isThere(-40, -30, 6, 'LASmin')).toBe(true)
    expect(isThere(-Infinity, -30, 60, 'LASmin')).toBe(false)
  })
})
