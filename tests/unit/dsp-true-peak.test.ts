import { describe, expect, it } from 'vitest'
import { TruePeak, truePeakFactor } from '#dsp/true-peak.ts'
import { record } from '../support/accuracy.ts'
import { noise, random } from '../support/signals.ts'

const db = (amplitude: number): number => 20 * Math.log10(amplitude)

/** Largest true peak of one channel, dBTP. */
function measure(x: Float32Array, rate = 48_000, block = x.length): number {
  const meter = new TruePeak(rate, 1)
  for (let at = 0; at < x.length; at += block) meter.process([x], at, Math.min(at + block, x.length))
  meter.settle()
  expect(meter.recent[0]).toBe(meter.max[0])
  return db(meter.max[0]!)
}

function sine(frames: number, cycles: number, phase: number, amplitude: number): Float32Array {
  return Float32Array.from({ length: frames }, (_, i) => amplitude * Math.sin(2 * Math.PI * cycles * i + phase))
}

/** Linear, over `fade` frames at both ends. */
function faded(x: Float32Array, fade: number): Float32Array {
  return x.map((v, i) => v * Math.min(1, i / fade, (x.length - 1 - i) / fade))
}

/** The band up to `edge` (cycles a frame), by a sinc of 801 taps under a Blackman window. */
function lowPass(x: Float64Array, edge: number): Float64Array {
  const half = 400
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const t = i - half
    const window = 0.42 + 0.5 * Math.cos((Math.PI * t) / half) + 0.08 * Math.cos((2 * Math.PI * t) / half)
    return window * (t === 0 ? 2 * edge : Math.sin(2 * Math.PI * edge * t) / (Math.PI * t))
  })
  return x.map((_, n) => {
    let sum = 0
    for (let i = Math.max(0, half - n); i < taps.length && n + i - half < x.length; i++)
      sum += taps[i]! * x[n + i - half]!
    return sum
  })
}

describe('EBU Tech 3341 v4, true peak', () => {
  const LIMIT = '+0.2/-0.4 dB'
  const check = (number: number, wanted: number, x: Float32Array): void => {
    const read = measure(x)
    record({
      standard: 'EBU Tech 3341',
      case: String(number),
      tolerance: `${wanted.toFixed(1)} dBTP ${LIMIT}`,
      read: `${read.toFixed(3)} dBTP`,
    })
    expect(read).toBeLessThanOrEqual(wanted + 0.2)
    expect(read).toBeGreaterThanOrEqual(wanted - 0.4)
    // The table's 0.5 and 1.41 are themselves -6.02 and 2.98 dB.
    expect(Math.abs(read - wanted)).toBeLessThan(0.1)
  }

  it.each([
    [15, -6, 4, 0.5, 0],
    [16, -6, 4, 0.5, 45],
    [17, -6, 6, 0.5, 60],
    [18, -6, 8, 0.5, 67.5],
    [19, 3, 4, 1.41, 45],
  ])('case %i reads %f dBTP', (number, wanted, frames, amplitude, degrees) => {
    check(number, wanted, faded(sine(9600, 1 / frames, (degrees * Math.PI) / 180, amplitude), 480))
  })

  // One period of a quarter of the rate, twice as high, within a sixth of the rate; made at four times the rate.
  const before = 24 * 100
  const dense = new Float64Array(2 * before + 16)
  for (let i = 0; i < dense.length; i++) {
    const j = i - before
    if (j >= 0 && j < 16) dense[i] = Math.sin((2 * Math.PI * j) / 16)
    else dense[i] = 0.5 * Math.sin((2 * Math.PI * (j < 0 ? j : j - 16)) / 24)
  }
  const band = lowPass(dense, 1 / 8)
  it.each([
    [20, 0],
    [21, 1],
    [22, 2],
    [23, 3],
  ])('case %i reads 0 dBTP, decimated from sample %i', (number, offset) => {
    const x = Float32Array.from({ length: dense.length / 4 - 1 }, (_, i) => band[4 * i + offset]!)
    check(number, 0, faded(x, 100))
  })
})

describe('true peak', () => {
  it('oversamples by 4, 2 and 1 as BS.1770-5 asks', () => {
    expect([8000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 384_000].map(truePeakFactor)).toEqual([
      4, 4, 4, 2, 2, 1, 1, 1,
    ])
  })

  it.each([44_100, 48_000, 96_000, 192_000])(
    'reads a tone up to 20 kHz within +0.002 and -0.04 dB at %i Hz',
    (rate) => {
      let [low, high] = [0, 0]
      let [low12, high12] = [0, 0]
      for (let hz = 30; hz < 20_000; hz *= 1.09) {
        if (hz > 0.41 * rate) break
        for (let phase = 0; phase < 16; phase++) {
          const error = measure(sine(Math.ceil(rate / hz) + 600, hz / rate, (phase * Math.PI) / 8, 0.7), rate) - db(0.7)
          low = Math.min(low, error)
          high = Math.max(high, error)
          if (hz <= 12_000) [low12, high12] = [Math.min(low12, error), Math.max(high12, error)]
        }
      }
      record({
        standard: 'ITU-R BS.1770-5',
        case: `true peak of tones to 12 kHz, any phase, ${rate} Hz`,
        tolerance: '+0.02/-0.1 dB',
        read: `${high12.toFixed(4)}/${low12.toFixed(4)} dB`,
      })
      expect(high).toBeLessThan(0.002)
      expect(low).toBeGreaterThan(-0.04)
    },
  )

  it.each([12_000, 8000, 6000, 4800])('reads %i Hz at any phase within +0.002 and -0.006 dB', (hz) => {
    for (let degrees = 0; degrees < 360; degrees++) {
      const error = measure(sine(640, hz / 48_000, (degrees * Math.PI) / 180, 1)) - 0
      expect(error, `${degrees}`).toBeLessThan(0.002)
      expect(error, `${degrees}`).toBeGreaterThan(-0.006)
    }
  })

  it('reads noise as the same noise oversampled 32 times does', () => {
    for (let seed = 1; seed < 9; seed++) {
      const coarse = new Float64Array(32 * 400)
      noise(400, seed).forEach((x, i) => {
        coarse[32 * i] = 32 * x * Math.sin((Math.PI * i) / 400) ** 2
      })
      const dense = lowPass(lowPass(coarse, 0.4 / 32), 0.5 / 32)
      const x = Float32Array.from({ length: 400 }, (_, i) => dense[32 * i]!)
      const wanted = db(dense.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0))
      expect(Math.abs(measure(x) - wanted), `${seed}`).toBeLessThan(0.05)
    }
  })

  it('reads the same with pruning and without, however cut, with gaps, resets and readings at the same places', () => {
    for (const rate of [48_000, 96_000, 192_000]) {
      const next = random(rate)
      const planes = [noise(30_000, 1), noise(30_000, 2, 1)].map((x) => {
        let gain = 1
        return x.map((v, i) => {
          if (i % 300 === 0) gain = next() ** 4
          return v * gain
        })
      })
      const run = (prune: boolean, block: () => number): number[] => {
        const meter = new TruePeak(rate, 2, { prune })
        const seen: number[] = []
        for (let part = 0; part < 10; part++) {
          for (let at = part * 3000; at < (part + 1) * 3000;) {
            const n = Math.min(block(), (part + 1) * 3000 - at)
            meter.process(planes, at, at + n)
            at += n
          }
          meter.settle()
          seen.push(...meter.recent, ...meter.max)
          meter.takeRecent()
          if (part === 3) meter.gap()
          if (part === 5) meter.reset()
          if (part === 7 || part === 8) meter.hold(part === 7)
        }
        return seen
      }
      const whole = run(false, () => 3000)
      expect(run(true, () => 3000)).toEqual(whole)
      for (let seed = 0; seed < 5; seed++) {
        const cut = random(seed)
        expect(run(seed % 2 === 0, () => 1 + Math.floor(cut() ** 3 * 500))).toEqual(whole)
      }
      expect(run(true, () => 1)).toEqual(whole)
    }
  })

  it('looks for no peak between what lies on either side of a gap or a reset', () => {
    const loud = sine(480, 1 / 6, 1, 1)
    const meter = new TruePeak(48_000, 1)
    meter.process([loud], 0, 480)
    meter.gap()
    const before = meter.max[0]!
    meter.process([new Float32Array(480)], 0, 480)
    meter.settle()
    expect(meter.max[0]).toBe(before)
    expect(db(before)).toBeLessThan(0.01)
    meter.process([loud], 0, 480)
    meter.reset()
    meter.process([new Float32Array(480)], 0, 480)
    meter.settle()
    expect(meter.max[0]).toBe(0)
  })

  it('keeps the largest since reset where it was while it is held', () => {
    const meter = new TruePeak(48_000, 1)
    meter.process([sine(480, 1 / 40, 0, 0.25)], 0, 480)
    meter.hold(true)
    meter.process([sine(480, 1 / 40, 0, 0.9)], 0, 480)
    meter.hold(false)
    meter.process([sine(480, 1 / 40, 0, 0.5)], 0, 480)
    meter.settle()
    expect(meter.recent[0]).toBeCloseTo(0.9, 3)
    expect(meter.max[0]).toBeCloseTo(0.5, 3)
  })

  it('is finite for whatever comes: not numbers, the largest floats, denormals, silence', () => {
    for (const bad of [Number.NaN, Infinity, -Infinity, 3e38, 1e-45]) {
      const x = sine(2000, 0.01, 0, 0.5)
      x[900] = bad
      x[901] = -bad
      const meter = new TruePeak(48_000, 1)
      meter.process([x], 0, x.length)
      meter.settle()
      expect(Number.isFinite(meter.max[0])).toBe(true)
      meter.reset()
      meter.process([sine(2000, 0.01, 0, 0.5)], 0, 2000)
      expect(meter.max[0]).toBeCloseTo(0.5, 4)
    }
    expect(measure(new Float32Array(500))).toBe(-Infinity)
  })
})
