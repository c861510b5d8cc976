import { describe, expect, it } from 'vitest'
import { bandsMeter } from '#meters/bands/meter.ts'
import { readingLength } from '#meters/meter.ts'
import { octaves, thirdOctaves } from '#dsp/bands.ts'
import { expectSameHoweverCut } from '../support/cuts.ts'
import { heapInUse } from '../support/heap.ts'
import { feed, noise, read, tone } from '../support/signals.ts'

const RATE = 48_000
const SINE_DB = 10 * Math.log10(0.5)

function start(rate = RATE, channels = 1) {
  const shape = { rate, channels }
  const meter = bandsMeter.create(shape)
  return { meter, read: () => read(meter, bandsMeter, shape) }
}

const silence = (seconds: number, rate = RATE): Float32Array => new Float32Array(Math.round(seconds * rate))

describe('bands', () => {
  it('read a tone in its band and its octave, with F, S, mean and maximum', () => {
    const { meter, read } = start(RATE, 2)
    feed(meter, [tone(RATE, [[12, -20]]), tone(RATE, [[12, -30]], 10 ** 1.9 * 10)])
    meter.reset()
    feed(meter, [tone(RATE, [[1, -20]]), tone(RATE, [[1, -30]], 10 ** 1.9 * 10)])
    const r = read()
    const third = (channel: number, nominal: number): number =>
      channel * 31 + thirdOctaves(RATE).findIndex((band) => band.nominal === nominal)
    const octave = (channel: number, nominal: number): number =>
      channel * 10 + octaves(RATE).findIndex((band) => band.nominal === nominal)
    for (const kind of ['F', 'S', 'Eq', 'Fmax']) {
      expect(r[`third${kind}`]).toHaveLength(62)
      expect(r[`octave${kind}`]).toHaveLength(20)
      expect(r[`third${kind}`]![third(0, 1000)]).toBeCloseTo(-20 + SINE_DB, 1)
      expect(r[`third${kind}`]![third(1, 800)]).toBeCloseTo(-30 + SINE_DB, 1)
      // The neighbouring thirds hear a little of it too.
      expect(Math.abs(r[`octave${kind}`]![octave(0, 1000)]! - (-20 + SINE_DB))).toBeLessThan(0.15)
      expect(Math.abs(r[`octave${kind}`]![octave(1, 1000)]! - (-30 + SINE_DB))).toBeLessThan(0.15)
    }
    expect(r['thirdF']![third(0, 2000)]).toBeLessThan(-20 - 40.5)
    expect(r['octaveS']![octave(1, 8000)]).toBeLessThan(-30 - 40.5)
    expect(r['heard']![0]).toBeCloseTo(1, 1)
    expect(r['coverage']).toEqual([1])
  })

  it('keep the maximum until reset, and let F and S fall', () => {
    const { meter, read } = start()
    feed(meter, [tone(RATE, [[12, -20]])])
    const loud = read()
    feed(meter, [silence(0.1)])
    const first = read()
    feed(meter, [silence(1)])
    const later = read()
    expect(later['thirdFmax']![17]).toBe(loud['thirdFmax']![17])
    expect(first['thirdF']![17]! - later['thirdF']![17]!).toBeCloseTo(34.74, 0)
    expect(first['thirdS']![17]! - later['thirdS']![17]!).toBeCloseTo(4.34, 1)
    meter.reset()
    expect(read()['thirdFmax']![17]).toBe(-Infinity)
    expect(read()['thirdEq']![17]).toBe(-Infinity)
  })

  it('pause means and maxima, not the present', () => {
    const { meter, read } = start()
    feed(meter, [tone(RATE, [[3, -40]])])
    const before = read()
    meter.pause!(true)
    feed(meter, [tone(RATE, [[2, 0]])])
    const during = read()
    for (const name of ['thirdEq', 'thirdFmax', 'octaveEq', 'octaveFmax', 'heard']) {
      expect(during[name]).toEqual(before[name])
    }
    expect(during['thirdF']![17]).toBeCloseTo(SINE_DB, 1)
    meter.pause!(false)
    feed(meter, [tone(RATE, [[2, 0]])])
    expect(read()['thirdFmax']![17]).toBeCloseTo(SINE_DB, 1)
  })

  it('read a burst as F does of every sample', () => {
    const { meter, read } = start()
    feed(meter, [silence(1.003)])
    feed(meter, [tone(RATE, [[0.2, 0]], 10_000)])
    feed(meter, [silence(0.2)])
    expect(read()['thirdFmax']![27]! - SINE_DB).toBeCloseTo(10 * Math.log10(1 - Math.exp(-200 / 125)), 0)
  })

  it('have no maximum from the cut that a gap makes', () => {
    const { meter, read } = start()
    const bass = tone(RATE, [[4, -3]], 31.5)
    feed(meter, [bass])
    meter.reset()
    const before = read()
    for (let i = 0; i < 8; i++) {
      meter.gap(997 + 131 * i)
      feed(meter, [bass.subarray(37 * i, 2 * RATE)])
    }
    const r = read()
    for (let band = 8; band < 31; band++) {
      expect(r['thirdFmax']![band]!, `band ${band}`).toBeLessThan(Math.max(before['thirdF']![band]! + 15, -70))
    }
    expect(r['thirdFmax']![2]!).toBeLessThan(-3 + SINE_DB + 0.2)
    expect(r['coverage']![0]).toBeGreaterThan(0.98)
    expect(r['coverage']![0]).toBeLessThan(1)
  })

  it('hear nothing in a long gap and come back', () => {
    const { meter, read } = start()
    const x = tone(RATE, [[3, -20]])
    feed(meter, [x])
    meter.gap(2 ** 50)
    expect(read()['thirdF']![17]).toBe(-Infinity)
    expect(read()['thirdEq']![17]).toBeCloseTo(-20 + SINE_DB, 1)
    feed(meter, [x])
    expect(read()['thirdF']![17]).toBeCloseTo(-20 + SINE_DB, 1)
    expect(read()['coverage']![0]).toBeLessThan(1e-6)
  })

  it('read bit for bit the same however the signal is cut, with gaps and a reset at the same places', () => {
    expectSameHoweverCut(bandsMeter)
  })

  it('never read NaN, and recover from samples that are not finite', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, 3e38, 1e-45]) {
      const { meter, read } = start()
      const x = tone(RATE, [[1, -12]])
      x[24_321] = bad
      feed(meter, [x])
      for (const values of Object.values(read())) {
        for (const value of values) expect(value === -Infinity || Number.isFinite(value)).toBe(true)
      }
      feed(meter, [tone(RATE, [[30, -12]])])
      meter.reset()
      feed(meter, [tone(RATE, [[1, -12]])])
      expect(read()['thirdEq']![17]).toBeCloseTo(-12 + SINE_DB, 1)
    }
  })

  it('read -Infinity for silence', () => {
    const { meter, read } = start()
    feed(meter, [silence(2)])
    const r = read()
    for (const name of ['thirdF', 'octaveS', 'thirdEq', 'octaveFmax']) {
      expect(r[name]!.every((value) => value === -Infinity)).toBe(true)
    }
    expect(r['coverage']).toEqual([1])
  })

  it('do not grow the heap', () => {
    const shape = { rate: RATE, channels: 1 }
    const meter = bandsMeter.create(shape)
    const out = new Float32Array(readingLength(bandsMeter.layout(shape)))
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
