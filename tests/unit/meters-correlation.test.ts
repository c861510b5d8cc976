import { describe, expect, it } from 'vitest'
import { correlationMeter, COUNT_MODULUS, PAIRS } from '#meters/correlation/meter.ts'
import type { StreamShape } from '#meters/meter.ts'
import { PinkNoise } from '#producer/sources/tone/pink.ts'
import { feed, noise, random, read, tone, type Planes } from '../support/signals.ts'

const RATE = 48_000
const STEREO = { rate: RATE, channels: 2 }

function readAfter(planes: Planes, shape: StreamShape = STEREO, settings = {}) {
  const meter = correlationMeter.create(shape, settings)
  feed(meter, planes)
  return read(meter, correlationMeter, shape)
}

const sine = (hz: number, phase: number, seconds = 4): Float32Array =>
  Float32Array.from({ length: seconds * RATE }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / RATE + phase))

describe('correlation', () => {
  it.each([
    ['alike', 0, 1],
    ['opposite', Math.PI, -1],
    ['a quarter of a period apart', Math.PI / 2, 0],
    ['a third of a period apart', (2 * Math.PI) / 3, -0.5],
  ] as const)('of two sines that are %s', (_, phase, expected) => {
    const r = readAfter([sine(1000, 0), sine(1000, phase)])
    expect(r['correlation']![0]).toBeCloseTo(expected, 5)
    expect(r['slow']![0]).toBeCloseTo(expected, 5)
    expect(r['leftRms']![0]).toBeCloseTo(20 * Math.log10(0.5) - 3.0103, 3)
    expect(r['rightRms']![0]).toBeCloseTo(20 * Math.log10(0.5) - 3.0103, 3)
  })

  it('does not depend on levels, and says how far they are apart', () => {
    const left = sine(1000, 0)
    const r = readAfter([left, left.map((x) => x / 100)])
    expect(r['correlation']![0]).toBeCloseTo(1, 5)
    expect(r['rightRms']![0]! - r['leftRms']![0]!).toBeCloseTo(-40, 4)
  })

  it('of two pink noises is near 0, over a longer time nearer', () => {
    const noises = [1, 2].map((seed) => {
      const pink = new PinkNoise(RATE, seed)
      return Float32Array.from({ length: 6 * RATE }, () => 0.1 * pink.next())
    })
    const r = readAfter(noises)
    expect(Math.abs(r['correlation']![0]!)).toBeLessThan(0.35)
    expect(Math.abs(r['slow']![0]!)).toBeLessThan(0.15)
  })

  it('follows in 300 ms, slowly in 3 s, and keeps the lowest since the last reading', () => {
    const meter = correlationMeter.create(STEREO)
    const [left, opposite] = [sine(1000, 0, 3), sine(1000, Math.PI, 1)]
    feed(meter, [left, left])
    expect(read(meter, correlationMeter, STEREO)['lowest']![0]).toBeCloseTo(1, 6)
    feed(meter, [left.subarray(0, RATE * 0.6), opposite.subarray(0, RATE * 0.6)])
    const turned = read(meter, correlationMeter, STEREO)
    expect(turned['correlation']![0]).toBeCloseTo(-1, 5)
    expect(turned['slow']![0]).toBeCloseTo(0.6, 2)
    expect(turned['lowest']![0]).toBeCloseTo(-1, 5)
    feed(meter, [left, left])
    read(meter, correlationMeter, STEREO)
    feed(meter, [left, left])
    expect(read(meter, correlationMeter, STEREO)['lowest']![0]).toBeCloseTo(1, 5)
  })

  it('is no figure for silence, nor while one channel is silent, and lowers nothing', () => {
    const silence = new Float32Array(RATE)
    for (const planes of [
      [silence, silence],
      [sine(1000, 0, 1), silence],
    ]) {
      const r = readAfter(planes)
      expect([r['correlation'], r['slow'], r['lowest']]).toEqual([[-Infinity], [-Infinity], [1]])
    }
  })

  it('is over what was heard beside a gap, and no figure once less than half was', () => {
    const meter = correlationMeter.create(STEREO)
    feed(meter, [sine(1000, 0, 1), sine(1000, Math.PI, 1)])
    meter.gap(RATE * 0.1)
    expect(read(meter, correlationMeter, STEREO)['correlation']![0]).toBeCloseTo(-1, 4)
    meter.gap(RATE * 0.1)
    expect(read(meter, correlationMeter, STEREO)['correlation']![0]).toBe(-Infinity)
    meter.gap(2 ** 50)
    expect(read(meter, correlationMeter, STEREO)['slow']![0]).toBe(-Infinity)
  })

  it('reads bit for bit the same however the signal is cut', () => {
    const shape = { rate: 44_100, channels: 3 }
    const planes = [noise(60_011, 1), noise(60_011, 2), noise(60_011, 3)]
    const run = (block: number | (() => number)) => {
      const meter = correlationMeter.create(shape, { left: 3, right: 1 })
      feed(meter, planes, block)
      meter.gap(7001)
      feed(meter, planes, block)
      return read(meter, correlationMeter, shape)
    }
    const whole = run(1 << 30)
    for (let seed = 0; seed < 5; seed++) {
      const next = random(seed)
      expect(run(() => 1 + Math.floor(next() ** 3 * 9000))).toEqual(whole)
    }
  })

  it('is of the channels chosen, of the first two where those are not there, and says of which', () => {
    const shape = { rate: RATE, channels: 4 }
    const [one, other] = [sine(1000, 0, 1), sine(1000, Math.PI, 1)]
    const planes = [one, one, other, noise(RATE, 1)]
    const chosen = readAfter(planes, shape, { left: 2, right: 3 })
    expect([chosen['left'], chosen['right']]).toEqual([[1], [2]])
    expect(chosen['correlation']![0]).toBeCloseTo(-1, 5)
    const first = readAfter(planes, shape, { left: 2, right: 5 })
    expect([first['left'], first['right']]).toEqual([[0], [1]])
    expect(first['correlation']![0]).toBeCloseTo(1, 5)
    expect(() => correlationMeter.create(shape, { left: 65 })).toThrow('left cannot be 65')
  })

  it('offers channels to choose from only where there are more than two', () => {
    const { left } = correlationMeter.choices!
    const offered = (channels: number): number =>
      left!.values.filter((value) => left!.fits!(value, { rate: RATE, channels })).length
    expect([1, 2, 3, 8, 64].map(offered)).toEqual([0, 0, 3, 8, 64])
  })

  it('has no news of one channel', () => {
    const shape = { rate: RATE, channels: 1 }
    const meter = correlationMeter.create(shape)
    feed(meter, [sine(1000, 0, 1)])
    meter.gap(480)
    expect(meter.fresh).toBe(false)
  })
})

describe('pairs for the vectorscope', () => {
  it('are every sixth sample of both channels at 48 kHz, at the place of their number, over gaps too', () => {
    const meter = correlationMeter.create(STEREO)
    const left = Float32Array.from({ length: 6000 }, (_, i) => i / 10_000)
    feed(
      meter,
      [left, left.map((x) => -x)].map((plane) => plane.subarray(0, 1000)),
      77,
    )
    meter.gap(500)
    feed(
      meter,
      [left, left.map((x) => -x)].map((plane) => plane.subarray(1500)),
      501,
    )
    const { count, leftSamples, rightSamples } = read(meter, correlationMeter, STEREO)
    // 0, 6, ... 996 and 1500, 1506, ... 5994.
    expect(count).toEqual([167 + 750])
    for (let back = 1; back <= PAIRS; back++) {
      const place = (count![0]! - back) % PAIRS
      expect(leftSamples![place]).toBe(left[6000 - 6 * back])
      expect(rightSamples![place]).toBe(-left[6000 - 6 * back]!)
    }
  })

  it('are numbered modulo a multiple of their places', () => {
    expect(COUNT_MODULUS % PAIRS).toBe(0)
  })

  it('never hold what is not a number', () => {
    const planes = [tone(RATE, [[0.1, -20]]), tone(RATE, [[0.1, -20]])]
    for (const plane of planes) plane.fill(Number.NaN, 100, 200)
    planes[0]!.fill(Infinity, 300, 400)
    const { leftSamples, rightSamples } = readAfter(planes)
    for (const value of [...leftSamples!, ...rightSamples!]) expect(Number.isFinite(value)).toBe(true)
  })
})
