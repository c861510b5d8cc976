import { describe, expect, it } from 'vitest'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { first, measure, near, RATE, stereo, TOLERANCE } from '../support/loudness.ts'
import { feed, noise, random, read, tone } from '../support/signals.ts'
import { within } from '../support/within.ts'

/** A case of BS.1770-5, which gives no tolerance: `own` is ours. */
function bs1770(name: string, value: number | undefined, wanted: number, own: number): void {
  within({
    standard: 'ITU-R BS.1770-5',
    case: name,
    unit: 'LKFS',
    wanted,
    below: -own,
    above: own,
    read: value!,
    digits: 3,
  })
}

describe('ITU-R BS.1770-5', () => {
  it('reads a full-scale 997 Hz sine in one channel as -3.01 LKFS', () => {
    bs1770('full-scale sine of 997 Hz in one channel', measure([tone(RATE, [[5, 0]], 997)])['integrated'], -3.01, 0.005)
  })

  it('counts a mono signal once: two equal channels are 3.01 LU louder', () => {
    const x = tone(RATE, [[5, -20]])
    const one = measure([x])['integrated']!
    bs1770('the same in two channels as in one at -20', measure([x, x])['integrated'], one + 3.0103, 0.001)
  })

  it('does not count the LFE, and counts the surrounds of 5.1 by 1.41', () => {
    const x = tone(RATE, [[5, -20]])
    const none = new Float32Array(x.length)
    const one = measure([x, none, none, none, none, none])['integrated']!
    expect(measure([none, none, none, x, none, none])['integrated']).toBe(-Infinity)
    const surround = measure([none, none, none, none, x, none])['integrated']
    bs1770('left surround of 5.1 against left at -20', surround, one + 10 * Math.log10(1.41), 0.001)
  })

  it.each([
    // The bilinear transform bends the shelf where half the rate is near it.
    [8000, 0.3],
    [11_025, 0.15],
    [16_000, 0.07],
    [22_050, 0.04],
    [32_000, 0.012],
    [44_100, 0.01],
    [88_200, 0.01],
    [96_000, 0.01],
    [192_000, 0.01],
    [384_000, 0.01],
  ])('reads at %i Hz what it reads at 48 kHz, within %f LU', (rate, tolerance) => {
    for (const hz of [40, 100, 1000, 2000, 2600]) {
      const reference = measure([tone(RATE, [[4, -23]], hz)])['integrated']!
      const value = measure([tone(rate, [[4, -23]], hz)], 500, rate)['integrated']
      bs1770(`${hz} Hz at a rate of ${rate} Hz, as at 48 kHz`, value, reference, tolerance)
    }
  })
})

describe('gating', () => {
  it('drops an incomplete block at the end and needs 400 ms for a first reading', () => {
    expect(measure(stereo([[0.399, -20]]))['integrated']).toBe(-Infinity)
    near(measure(stereo([[0.4, -20]]))['integrated'], -20, 0.1)
  })

  it('reads nothing from sound below -70 LUFS', () => {
    expect(measure(stereo([[5, -70.5]]))['integrated']).toBe(-Infinity)
    bs1770('the absolute gate keeps -69.5', measure(stereo([[5, -69.5]]))['integrated'], -69.5, TOLERANCE)
  })
})

describe('gaps', () => {
  const shape = { rate: RATE, channels: 1 }

  it('M and S read what was heard while half of the window was', () => {
    const meter = loudnessMeter.create(shape)
    feed(meter, [tone(RATE, [[4, -20]])])
    meter.gap(0.19 * RATE)
    near(first(read(meter, loudnessMeter, shape))['momentary'], -23)
    near(first(read(meter, loudnessMeter, shape))['shortTerm'], -23)
    meter.gap(0.03 * RATE)
    expect(first(read(meter, loudnessMeter, shape))['momentary']).toBe(-Infinity)
    near(first(read(meter, loudnessMeter, shape))['shortTerm'], -23)
    meter.gap(1.4 * RATE)
    expect(first(read(meter, loudnessMeter, shape))['shortTerm']).toBe(-Infinity)
  })

  it('a click beside a gap sets no maximum and enters no gating block', () => {
    const meter = loudnessMeter.create(shape)
    feed(meter, [tone(RATE, [[4, -40]])])
    const before = first(read(meter, loudnessMeter, shape))
    meter.gap(RATE)
    feed(meter, [tone(RATE, [[0.3, 0]])])
    meter.gap(RATE)
    feed(meter, [tone(RATE, [[0.39, 0]])])
    meter.gap(5 * RATE)
    const after = first(read(meter, loudnessMeter, shape))
    for (const name of ['integrated', 'momentaryMax', 'shortTermMax', 'lra']) expect(after[name]).toBe(before[name])
    near(after['heard'], 4.69, 1e-6)
  })

  it('is not silence: I of sound with gaps is that of the sound', () => {
    const meter = loudnessMeter.create(shape)
    for (let i = 0; i < 10; i++) {
      feed(meter, [tone(RATE, [[2, -20]])])
      meter.gap(12_345)
    }
    near(first(read(meter, loudnessMeter, shape))['integrated'], -23)
  })

  it('takes a gap of any length at once, and keeps its 10 ms grid', () => {
    const wait = (seconds: number, odd: number) => {
      const meter = loudnessMeter.create(shape)
      feed(meter, [noise(RATE, 1)])
      meter.gap(seconds * RATE + odd)
      feed(meter, [noise(4 * RATE + 77, 2)])
      return read(meter, loudnessMeter, shape)
    }
    expect(wait(2 ** 30, 123)).toEqual(wait(10, 123))
    expect(wait(4, 123)).toEqual(wait(10, 123))
  })
})

describe('invariants', () => {
  it('reads bit for bit the same however the signal is cut, with gaps and a reset at the same places', () => {
    for (const rate of [44_100, 22_050, 11_025]) {
      const shape = { rate, channels: 2 }
      const parts = [3, 4, 5].map((seed) => [noise(rate + seed * 1111, seed), noise(rate + seed * 1111, seed + 10)])
      const run = (block: number | (() => number)) => {
        const meter = loudnessMeter.create(shape)
        feed(meter, parts[0]!, block)
        meter.gap(777)
        feed(meter, parts[1]!, block)
        meter.reset()
        feed(meter, parts[2]!, block)
        meter.pause!(true)
        feed(meter, parts[1]!, block)
        meter.pause!(false)
        feed(meter, parts[0]!, block)
        return read(meter, loudnessMeter, shape)
      }
      const whole = run(1 << 30)
      for (let seed = 0; seed < 10; seed++) {
        const next = random(seed)
        expect(run(() => 1 + Math.floor(next() ** 3 * 3000))).toEqual(whole)
      }
      expect(run(1)).toEqual(whole)
    }
  })

  it('reset starts I, the maxima and the time heard anew, and leaves M and S running', () => {
    const shape = { rate: RATE, channels: 1 }
    const meter = loudnessMeter.create(shape)
    feed(meter, [tone(RATE, [[5, -10]])])
    meter.reset()
    const cleared = first(read(meter, loudnessMeter, shape))
    expect([cleared['integrated'], cleared['momentaryMax'], cleared['shortTermMax'], cleared['heard']]).toEqual([
      -Infinity,
      -Infinity,
      -Infinity,
      0,
    ])
    near(cleared['momentary'], -13)
    feed(meter, [tone(RATE, [[4, -30]])])
    const after = first(read(meter, loudnessMeter, shape))
    near(after['integrated'], -33)
    near(after['momentaryMax'], -33)
    near(after['shortTermMax'], -33)
  })

  it('pauses I, LRA and all maxima together, and goes on where they were', () => {
    const shape = { rate: RATE, channels: 1 }
    const meter = loudnessMeter.create(shape)
    feed(meter, [tone(RATE, [[5, -30]])])
    const before = first(read(meter, loudnessMeter, shape))
    meter.pause!(true)
    feed(meter, [tone(RATE, [[5.005, -3]])])
    const paused = first(read(meter, loudnessMeter, shape))
    const kept = ['integrated', 'lra', 'plr', 'momentaryMax', 'shortTermMax', 'truePeakMax', 'heard']
    for (const name of kept) expect(paused[name], name).toBe(before[name])
    near(paused['momentary'], -6)
    near(paused['truePeak'], -3)
    meter.pause!(false)
    feed(meter, [tone(RATE, [[5.005, -20]])])
    const after = first(read(meter, loudnessMeter, shape))
    near(after['truePeakMax'], -20)
    near(after['momentaryMax'], -23)
    near(after['heard'], 10.005, 1e-4)
    near(after['lra'], 10)
    near(after['integrated'], 10 * Math.log10((10 ** -3.3 + 10 ** -2.3) / 2), 0.1)
  })

  it('reads -Infinity for silence and for what is left in the filter after sound', () => {
    const r = measure([new Float32Array(5 * RATE)])
    for (const name of ['momentary', 'shortTerm', 'integrated', 'momentaryMax']) expect(r[name]).toBe(-Infinity)
    const x = new Float32Array(20 * RATE)
    x.set(noise(RATE, 1))
    const faded = measure([x])
    expect(faded['momentary']).toBe(-Infinity)
    expect(faded['shortTerm']).toBe(-Infinity)
    expect(Number.isFinite(faded['integrated'])).toBe(true)
  })

  it('never reads NaN, and reads right again a window after samples that are not finite', () => {
    const shape = { rate: RATE, channels: 2 }
    for (const bad of [Number.NaN, Infinity, -Infinity, 3e38, 1e-45]) {
      const meter = loudnessMeter.create(shape)
      const x = tone(RATE, [[1, -23]])
      x[20_000] = bad
      feed(meter, [x, x])
      for (const values of Object.values(read(meter, loudnessMeter, shape))) {
        for (const value of values) expect(value).not.toBeNaN()
      }
      feed(meter, stereo([[4, -23]]))
      near(first(read(meter, loudnessMeter, shape))['shortTerm'], -23)
    }
  })

  it('is deaf to DC', () => {
    const x = new Float32Array(10 * RATE).fill(1)
    expect(measure([x])['momentary']).toBeLessThan(-100)
  })
})

describe('true peak and what follows from it', () => {
  const shape = { rate: RATE, channels: 2 }

  it('reads each channel since the last reading and since reset', () => {
    const meter = loudnessMeter.create(shape)
    feed(meter, [tone(RATE, [[1, -6]], 12_000.5), tone(RATE, [[1, -12]], 997)])
    const r = read(meter, loudnessMeter, shape)
    for (const name of ['truePeak', 'truePeakMax']) {
      near(r[name]![0], -6, 0.01)
      near(r[name]![1], -12, 0.01)
    }
    feed(meter, stereo([[0.1, -30]]))
    // The end of the loud tone is looked at with the first samples after it.
    read(meter, loudnessMeter, shape)
    feed(meter, stereo([[0.1, -30]]))
    const later = read(meter, loudnessMeter, shape)
    near(later['truePeak']![0], -30, 0.05)
    near(later['truePeakMax']![0], -6, 0.5)
    meter.reset()
    expect(read(meter, loudnessMeter, shape)['truePeakMax']).toEqual([-Infinity, -Infinity])
  })

  it('is never below the sample peak of the same sound', () => {
    const meter = loudnessMeter.create(shape)
    const x = new Float32Array(480)
    x[479] = 0.5
    feed(meter, [x, x])
    near(read(meter, loudnessMeter, shape)['truePeak']![0], -6.02, 0.01)
  })

  it('PLR is the largest true peak less the integrated loudness', () => {
    const meter = loudnessMeter.create(shape)
    expect(read(meter, loudnessMeter, shape)['plr']).toEqual([-Infinity])
    feed(meter, [tone(RATE, [[5, -20]]), tone(RATE, [[5, -10]])])
    const r = first(read(meter, loudnessMeter, shape))
    near(r['plr'], -10 - r['integrated']!, 0.01)
  })
})
