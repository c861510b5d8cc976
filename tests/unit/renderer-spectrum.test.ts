import { describe, expect, it } from 'vitest'
import { AutoTop, levelMarks } from '#meters/draw/levels.ts'
import { hertzMarks, pan, zoom } from '#meters/draw/hertz.ts'
import type { Feed } from '#meters/draw/view.ts'
import { meterIndex, METERS } from '#meters/registry.ts'
import { readingLength } from '#meters/meter.ts'
import { BandLevels, bandsTable } from '#meters/bands/levels.ts'
import { bandsMeter } from '#meters/bands/meter.ts'
import { columnsPerOctave, harmonics, nextPeak, smooth } from '#meters/spectrum/curve.ts'
import { spectrumFrequencies, spectrumMeter } from '#meters/spectrum/meter.ts'
import { withRoom } from '#meters/spectrum/plot.ts'
import { spectrumTable } from '#meters/spectrum/table.ts'
import { feed, tone } from '../support/signals.ts'

const SHAPE = { rate: 48_000, channels: 2 }
const WHOLE = { from: 20, to: 20_000 }

/** A feed of what these meters read of these planes. */
function feedOf(planes: Float32Array[], ids: readonly string[], more: Partial<Feed> = {}): Feed {
  const readings = new Map<string, Float32Array>()
  for (const id of ids) {
    const definition = METERS[meterIndex(id)]!
    const meter = definition.create(SHAPE)
    feed(meter, planes)
    const out = new Float32Array(readingLength(definition.layout(SHAPE)))
    meter.read(out)
    readings.set(id, out)
  }
  return {
    shape: SHAPE,
    live: true,
    memory: new Map(),
    reading: () => readings.get(ids[0]!),
    readingOf: (id) => readings.get(id),
    held: () => ({ values: [], clear: () => {} }),
    onDraw: () => ({ dispose: () => {} }),
    ...more,
  }
}

describe('smoothing', () => {
  const smoothed = (levels: number[], width: number): number[] => {
    const out = new Float64Array(levels.length)
    smooth(Float32Array.from(levels), 0, width, new Float64Array(levels.length + 1), out)
    return [...out]
  }

  it('leaves what is flat, at the ends too', () => {
    for (const level of smoothed(Array<number>(50).fill(-37), 7.3)) expect(level).toBeCloseTo(-37, 4)
  })

  it('spreads the power of one column over the width, and loses none', () => {
    const levels = Array<number>(41).fill(-Infinity)
    levels[20] = 0
    const out = smoothed(levels, 5)
    expect(out[20]).toBeCloseTo(10 * Math.log10(1 / 5), 6)
    expect(out.slice(18, 23).every((level) => Math.abs(level - out[20]!) < 1e-9)).toBe(true)
    expect([out[17], out[23]]).toEqual([-Infinity, -Infinity])
    const power = smoothed(levels, 6.4).reduce((sum, level) => sum + 10 ** (level / 10), 0)
    expect(power).toBeCloseTo(1, 9)
  })

  it('takes a width in columns of an octave', () => {
    const f = spectrumFrequencies(SHAPE)
    const octave = columnsPerOctave(f[0]!, f.at(-1)!, f.length)
    expect(f[Math.round(octave) + 100]! / f[100]!).toBeCloseTo(2, 1)
  })
})

describe('peaks', () => {
  const frequencies = spectrumFrequencies(SHAPE)

  /** Frequencies of all peaks of a sound, upwards or downwards. */
  function peaks(
    tones: readonly (readonly [hz: number, db: number])[],
    settings = {},
    direction: 1 | -1 = 1,
  ): number[] {
    const sound = new Float32Array(96_000)
    for (const [hz, db] of tones) tone(48_000, [[2, db]], hz).forEach((sample, i) => (sound[i]! += sample))
    const meter = spectrumMeter.create({ rate: 48_000, channels: 1 }, settings)
    feed(meter, [sound])
    const out = new Float32Array(readingLength(spectrumMeter.layout(SHAPE)))
    meter.read(out)
    const curve = { levels: out.subarray(0, 480), frequencies, bandwidth: out.at(-1)! }
    const found: number[] = []
    for (let at: number | undefined = direction === 1 ? -1 : 480; at !== undefined;) {
      at = nextPeak(curve, at, direction)
      if (at !== undefined) found.push(frequencies[at]!)
    }
    return found
  }

  const TONES = [
    [250, -30],
    [1000, -20],
    [1120, -45],
    [4000, -40],
  ] as const

  it.each([{ window: 'hann' }, { window: 'blackman-harris' }, { window: 'flat-top', size: 16_384 }])(
    'are the tones and nothing of their skirts: %o',
    (settings) => {
      for (const direction of [1, -1] as const) {
        const found = peaks(TONES, settings, direction)
        const expected = TONES.map(([hz]) => hz)
        expect(found.map((hz) => expected.find((one) => Math.abs(hz / one - 1) < 0.015) ?? hz)).toEqual(
          direction === 1 ? expected : expected.toReversed(),
        )
      }
    },
  )

  it('are none where it is silent or flat', () => {
    const flat = { levels: Array<number>(480).fill(-50), frequencies, bandwidth: 20 }
    expect(nextPeak(flat, -1, 1)).toBeUndefined()
    expect(nextPeak({ ...flat, levels: Array<number>(480).fill(-Infinity) }, -1, 1)).toBeUndefined()
  })
})

it('harmonics end with what is shown, and with the tenth', () => {
  expect(harmonics(1000, 20_000)).toEqual([2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000])
  expect(harmonics(5000, 16_000)).toEqual([10_000, 15_000])
  expect(harmonics(15_000, 20_000)).toEqual([])
})

describe('the frequency axis', () => {
  it.each(['log', 'linear'] as const)('zooms around what is pointed at and stays within the whole: %s', (scale) => {
    const near = zoom(WHOLE, WHOLE, scale, 0.5, 1000)
    expect(near.from).toBeGreaterThanOrEqual(20)
    expect(near.to).toBeLessThanOrEqual(20_000)
    const share = (hz: number, { from, to }: typeof WHOLE): number =>
      scale === 'log' ? Math.log(hz / from) / Math.log(to / from) : (hz - from) / (to - from)
    expect(share(1000, near)).toBeCloseTo(share(1000, WHOLE), 9)
    expect(zoom(near, WHOLE, scale, 8, 1000)).toEqual(WHOLE)
  })

  it.each([
    ['log', 19_000],
    ['log', 20],
    ['linear', 30],
    ['linear', 20_000],
  ] as const)('has a closest look, at the ends too: %s, %i Hz', (scale, hz) => {
    let range = WHOLE
    for (let i = 0; i < 40; i++) range = zoom(range, WHOLE, scale, 0.5, hz)
    if (scale === 'log') expect(range.to / range.from).toBeCloseTo(2 ** (1 / 3), 6)
    else expect(range.to - range.from).toBeCloseTo(100, 6)
    expect(range.from).toBeGreaterThanOrEqual(20 - 1e-9)
    expect(range.to).toBeLessThanOrEqual(20_000 + 1e-6)
    expect(range.from - 1e-6 <= hz && hz <= range.to + 1e-6).toBe(true)
  })

  it('moves as far as the whole goes and keeps its width', () => {
    const part = { from: 100, to: 1000 }
    expect(pan(part, WHOLE, 'log', -5).from).toBeCloseTo(20, 9)
    expect(pan(part, WHOLE, 'log', -5).to).toBeCloseTo(200, 6)
    expect(pan(part, WHOLE, 'linear', 1)).toEqual({ from: 1000, to: 1900 })
    expect(pan(WHOLE, WHOLE, 'log', 0.3)).toEqual({ from: expect.closeTo(20), to: expect.closeTo(20_000) })
  })

  it('is marked by round numbers', () => {
    expect(hertzMarks(WHOLE, 'log')).toEqual([20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000])
    expect(hertzMarks(WHOLE, 'linear')).toEqual([5000, 10_000, 15_000, 20_000])
    expect(hertzMarks({ from: 900, to: 1100 }, 'log')).toEqual([900, 950, 1000, 1050, 1100])
  })
})

it('names of frequencies keep apart, decades first', () => {
  const marks = [20, 50, 100, 200, 500, 1000]
  const place = (width: number) => (hz: number) => (width * Math.log(hz / 20)) / Math.log(50)
  expect([...withRoom(marks, place(1000))].toSorted((a, b) => a - b)).toEqual(marks)
  expect([...withRoom(marks, place(150))].toSorted((a, b) => a - b)).toEqual([20, 100, 1000])
})

describe('the level axis', () => {
  it('is marked by round levels of what is shown, fewer where there is little room', () => {
    expect(levelMarks(-60, 0, 0, 400)).toEqual([-60, -50, -40, -30, -20, -10, 0])
    expect(levelMarks(-120, 0, 0, 150)).toEqual([-120, -100, -80, -60, -40, -20, 0])
    expect(levelMarks(-80, 0, 117.3, 400).map((db) => Math.round(db + 117.3))).toEqual([
      40, 50, 60, 70, 80, 90, 100, 110,
    ])
  })

  it('follows the sound up at once, down after five seconds, in whole tens', () => {
    const top = new AutoTop(0)
    expect(top.update(-Infinity, 0)).toBe(0)
    expect(top.update(-38, 0)).toBe(-30)
    expect(top.update(-34, 100)).toBe(-20)
    expect(top.update(-80, 200)).toBe(-20)
    expect(top.update(-80, 5100)).toBe(-20)
    expect(top.update(-30, 5150), 'a moment of it begins the wait anew').toBe(-20)
    expect(top.update(-80, 5200)).toBe(-20)
    expect(top.update(-80, 10_250)).toBe(-70)
    expect(top.update(-Infinity, 20_000)).toBe(-70)
  })
})

describe('tables', () => {
  const planes = [tone(48_000, [[3, -20]]), tone(48_000, [[3, -30]])]

  it('of the spectrum have every column as read, in what is shown', () => {
    const own = feedOf(planes, ['spectrum'], { splOffset: 120, splEstimate: true })
    const { columns, rows } = spectrumTable(own)!
    expect(columns.map(({ unit }) => unit)).toEqual(['Hz', 'dB SPL est.', 'dB SPL est.'])
    expect(rows).toHaveLength(480)
    const highest = rows.toSorted((a, b) => Number(b[1]) - Number(a[1]))[0]!
    expect(Number(highest[0]) / 1000).toBeCloseTo(1, 1)
    // The mean power of both channels, as the RMS of a sine.
    const mean = 10 * Math.log10((10 ** -2 + 10 ** -3) / 2)
    expect(Math.abs(Number(highest[1]) - (mean - 3.01 + 120))).toBeLessThan(0.4)
    expect(highest[2]).toBeUndefined()
    expect(spectrumTable({ ...own, reading: () => undefined })).toBeUndefined()
  })

  it('of the bands have thirds, octaves and the whole sound', () => {
    const own = feedOf(planes, ['bands', 'sound-level'])
    const { columns, rows } = bandsTable(own)!
    expect(columns.map(({ title }) => title).slice(2)).toEqual(['F', 'S', 'Leq', 'Max F', 'Min F'])
    expect(rows).toHaveLength(31 + 10 + 3)
    const mean = 10 * Math.log10((10 ** -2 + 10 ** -3) / 4)
    for (const name of [1000, 'A', 'C', 'Z']) {
      const row = rows.find((one) => one[1] === name)!
      expect(Math.abs(Number(row[2]) - mean), String(name)).toBeLessThan(0.1)
    }
    const levels = new BandLevels(own, 'third')
    expect([levels.name(17), levels.name(5), levels.name(31)]).toEqual(['1 kHz', '63 Hz', 'A'])
    expect(Math.abs(levels.level(17, 'F', 1)! - (-30 - 3.01))).toBeLessThan(0.1)
    expect(Math.abs(levels.level(33, 'Fmax', 0)! - (-20 - 3.01))).toBeLessThan(0.1)
    const past = new BandLevels({ ...own, live: false }, 'octave')
    expect(past.level(5, 'F', 'mean')).toBeUndefined()
    expect(past.level(5, 'Eq', 'mean')).toBeCloseTo(mean, 0)
  })
})

it('the spectrum is of all channels or of one', () => {
  const planes = [tone(48_000, [[1, -20]], 500), tone(48_000, [[1, -30]], 5000)]
  const highest = (settings: object): readonly [number, number] => {
    const meter = spectrumMeter.create(SHAPE, { window: 'flat-top', ...settings })
    feed(meter, planes)
    const out = new Float32Array(readingLength(spectrumMeter.layout(SHAPE)))
    meter.read(out)
    const levels = [...out.subarray(0, 480)]
    const level = Math.max(...levels)
    return [Math.round(spectrumFrequencies(SHAPE)[levels.indexOf(level)]! / 100) * 100, level]
  }
  const mean = 10 * Math.log10(0.5)
  expect(highest({})).toEqual([500, expect.closeTo(-20 + mean, 1)])
  expect(highest({ channel: 1 })).toEqual([500, expect.closeTo(-20, 1)])
  expect(highest({ channel: 2 })).toEqual([5000, expect.closeTo(-30, 1)])
  expect(highest({ channel: 3 }), 'that is not there').toEqual(highest({}))
})

it('bands know the least F of which nearly all was heard', () => {
  const shape = { rate: 48_000, channels: 1 }
  const meter = bandsMeter.create(shape)
  const bands = new BandLevels(
    {
      ...feedOf([], []),
      shape,
      reading: () => {
        const out = new Float32Array(readingLength(bandsMeter.layout(shape)))
        meter.read(out)
        return out
      },
    },
    'third',
  )
  const least = (): number => bands.level(17, 'Fmin', 'mean')!
  feed(meter, [tone(48_000, [[0.2, -20]])])
  expect(least(), 'too little was heard').toBe(-Infinity)
  feed(meter, [tone(48_000, [[2, -20]])])
  meter.reset()
  feed(meter, [
    tone(48_000, [
      [2, -20],
      [2, -50],
      [2, -20],
    ]),
  ])
  expect(least()).toBeCloseTo(-53, 0)
  meter.pause!(true)
  feed(meter, [new Float32Array(48_000)])
  expect(least(), 'paused').toBeCloseTo(-53, 0)
  meter.reset()
  expect(least()).toBe(-Infinity)
})
