import { describe, expect, it } from 'vitest'
import { AXES, AXIS } from '#meters/waveform/axis.ts'
import { type Outline, WaveformHistory } from '#meters/waveform/history.ts'
import { COLUMNS, COLUMNS_PER_SECOND, COUNT_MODULUS, waveformMeter } from '#meters/waveform/meter.ts'
import type { Meter, StreamShape } from '#meters/meter.ts'
import { readingLength } from '#meters/meter.ts'
import { feed, noise, random, read, tone } from '../support/signals.ts'

const MONO = { rate: 48_000, channels: 1 }
const STEREO = { rate: 48_000, channels: 2 }
/** Frames of a column. */
const STEP = 240

function reading(meter: Meter, shape: StreamShape): Float32Array {
  const out = new Float32Array(readingLength(waveformMeter.layout(shape)))
  meter.read(out)
  return out
}

function outline(history: WaveformHistory, channel: number, column: number): Outline {
  const out = { least: 0, largest: 0, clipped: false }
  history.outline(channel, column, column + 1, out)
  return out
}

describe('waveform', () => {
  it('has least and largest sample of each column, each at its place', () => {
    const meter = waveformMeter.create(STEREO)
    const ramp = Float32Array.from({ length: 10 * STEP }, (_, i) => Math.fround(i / 10_000))
    const down = ramp.map((x) => -x)
    feed(meter, [ramp, down], 100)
    const { count, least, largest, lost } = read(meter, waveformMeter, STEREO)
    expect(count).toEqual([10])
    for (let column = 0; column < 10; column++) {
      const [first, last] = [ramp[column * STEP]!, ramp[(column + 1) * STEP - 1]!]
      expect([least![column], largest![column]]).toEqual([first, last])
      expect([least![COLUMNS + column], largest![COLUMNS + column]]).toEqual([-last, -first])
    }
    expect(lost!.every((share) => share === 0)).toBe(true)
  })

  it('marks the columns whose samples were at full scale as captured, of the channel that had them', () => {
    const meter = waveformMeter.create(STEREO)
    const heard = noise(6 * STEP, 1, 0.1)
    const captured = heard.slice()
    captured[3 * STEP + 7] = -1
    meter.process([heard, heard], heard.length, [heard, captured])
    const { clipped } = read(meter, waveformMeter, STEREO)
    const marked = clipped!.flatMap((flag, place) => (flag === 1 ? [place] : []))
    expect(marked).toEqual([COLUMNS + 3])
  })

  it('has news once a column only', () => {
    const meter = waveformMeter.create(MONO)
    let news = 0
    const x = noise(STEP * 10 + 5, 1)
    for (let at = 0; at + 16 <= x.length; at += 16) {
      meter.process([x.subarray(at, at + 16)], 16)
      if (!meter.fresh) continue
      news++
      reading(meter, MONO)
    }
    expect(news).toBe(10)
  })

  it.each([8000, 11_025, 44_100, 48_000, 192_000])('has 200 columns a second at %i Hz', (rate) => {
    const meter = waveformMeter.create({ rate, channels: 1 })
    feed(meter, [noise(3 * rate, 1)], 1000)
    expect(read(meter, waveformMeter, { rate, channels: 1 })['count']).toEqual([3 * COLUMNS_PER_SECOND])
  })

  it('reads bit for bit the same however the signal is cut', () => {
    const shape = { rate: 44_100, channels: 2 }
    const planes = [noise(60_011, 1, 1.2), noise(60_011, 2)]
    const run = (block: number | (() => number)) => {
      const meter = waveformMeter.create(shape)
      feed(meter, planes, block)
      meter.gap(7001)
      feed(meter, planes, block)
      return read(meter, waveformMeter, shape)
    }
    const whole = run(1 << 30)
    for (let seed = 0; seed < 5; seed++) {
      const next = random(seed)
      expect(run(() => 1 + Math.floor(next() ** 3 * 9000))).toEqual(whole)
    }
  })

  it('says how much of a column was lost, and what was heard of it all the same', () => {
    const meter = waveformMeter.create(MONO)
    const loud = new Float32Array(STEP * 2).fill(0.5)
    feed(meter, [loud])
    // A quarter of column 2 is heard, the rest of it and all of 3 and 4 lost, and half of 5.
    feed(meter, [loud.subarray(0, STEP / 4)])
    meter.gap((STEP * 3) / 4 + 2 * STEP + STEP / 2)
    feed(meter, [loud.subarray(0, STEP / 2)])
    const { count, lost, largest } = read(meter, waveformMeter, MONO)
    expect(count).toEqual([6])
    expect(lost!.slice(0, 6)).toEqual([0, 0, 0.75, 1, 1, 0.5])
    expect(largest!.slice(0, 6)).toEqual([0.5, 0.5, 0.5, -Infinity, -Infinity, 0.5])
  })

  it.each([10, 3600, 2 ** 40])('keeps the grid over a gap of %i s, and forgets what was before it', (seconds) => {
    const meter = waveformMeter.create(MONO)
    feed(meter, [new Float32Array(STEP * 5 + 100).fill(0.5)])
    meter.gap(seconds * MONO.rate)
    feed(meter, [new Float32Array(STEP - 100).fill(0.25)])
    const { count, lost, largest } = read(meter, waveformMeter, MONO)
    const next = (6 + seconds * COLUMNS_PER_SECOND) % COUNT_MODULUS
    expect(count).toEqual([next])
    const newest = (next - 1 + COUNT_MODULUS) % COLUMNS
    expect(largest![newest]).toBe(0.25)
    expect(lost![newest]).toBeCloseTo(100 / STEP, 6)
    expect(largest!.filter((value) => value > -Infinity)).toEqual([0.25])
  })

  it('passes over what is not a number', () => {
    const meter = waveformMeter.create(MONO)
    const x = tone(48_000, [[0.02, -20]])
    x[10] = Number.NaN
    x[20] = Infinity
    x[30] = -Infinity
    x.fill(Number.NaN, STEP, 2 * STEP)
    feed(meter, [x])
    const { least, largest } = read(meter, waveformMeter, MONO)
    expect(largest![0]).toBeCloseTo(0.1, 3)
    expect(least![0]).toBeCloseTo(-0.1, 3)
    expect([least![1], largest![1]]).toEqual([-Infinity, -Infinity])
  })
})

describe('the picture of a waveform', () => {
  const steps = (from: number, to: number): Float32Array =>
    Float32Array.from({ length: (to - from) * STEP }, (_, i) => (from + Math.floor(i / STEP)) / 10_000)

  it('takes each new column once, and leaves empty what no reading had', () => {
    const meter = waveformMeter.create(MONO)
    const history = new WaveformHistory(MONO)
    const begun = 2 * COLUMNS
    feed(meter, [steps(0, begun)])
    expect(history.take(reading(meter, MONO))).toBe(COLUMNS - 1)
    expect(history.take(reading(meter, MONO))).toBe(0)
    feed(meter, [steps(begun, begun + 2)])
    expect(history.take(reading(meter, MONO))).toBe(2)
    // A screen that is late by as much as a reading holds misses none.
    feed(meter, [steps(begun + 2, begun + COLUMNS + 1)])
    expect(history.take(reading(meter, MONO))).toBe(COLUMNS - 1)
    const first = begun - (COLUMNS - 1)
    for (let column = 0; column < history.next; column++) {
      expect(outline(history, 0, column).largest).toBeCloseTo((first + column) / 10_000, 6)
    }
    const seen = history.next
    feed(meter, [steps(0, COLUMNS + 10)])
    expect(history.take(reading(meter, MONO))).toBe(COLUMNS + 10)
    const known = Array.from({ length: COLUMNS + 10 }, (_, i) => outline(history, 0, seen + i).largest > -Infinity)
    expect(known).toEqual([...Array<boolean>(11).fill(false), ...Array<boolean>(COLUMNS - 1).fill(true)])
  })

  it('keeps half a minute, lost columns included, and joins columns', () => {
    const meter = waveformMeter.create(MONO)
    const history = new WaveformHistory(MONO)
    for (let i = 0; i < 40 * 50; i++) {
      if (i === 1980) meter.gap(4 * STEP)
      else feed(meter, [new Float32Array(4 * STEP).fill(i % 2 === 0 ? 0.5 : -0.25)])
      history.take(reading(meter, MONO))
    }
    const lost = Array.from({ length: history.columns }, (_, i) => history.lost(history.next - history.columns + i))
    expect(lost.filter((share) => share > 0)).toEqual([1, 1, 1, 1])
    expect(history.lost(history.next - 80)).toBe(1)
    const out = { least: 0, largest: 0, clipped: false }
    history.outline(0, history.next - 8, history.next, out)
    expect(out).toEqual({ least: -0.25, largest: 0.5, clipped: false })
    expect(outline(history, 0, history.next - history.columns - 1).largest).toBe(-Infinity)
    expect(outline(history, 0, history.next).largest).toBe(-Infinity)
  })

  it('goes on when the count starts again from 0', () => {
    const history = new WaveformHistory(MONO)
    const values = new Float32Array(readingLength(waveformMeter.layout(MONO)))
    values[0] = COUNT_MODULUS - 1
    history.take(values)
    values[0] = 2
    expect(history.take(values)).toBe(3)
  })
})

describe('amplitude axes', () => {
  it('lie alike to both sides of the middle, and end at their edges', () => {
    for (const name of AXES) {
      const axis = AXIS[name]
      const share = (sample: number): number => axis.share(sample)
      for (const sample of [0.001, 0.02, 0.5, 1, 4]) expect(share(-sample)).toBe(-share(sample))
      expect([share(0), share(4), share(-4)].map((value) => value + 0)).toEqual([0, 1, -1])
      const shares = axis.marks.map((mark) => mark.share)
      expect(shares).toEqual(shares.map((each) => 0 - each).toReversed())
    }
  })

  it('put samples where their marks are', () => {
    expect(AXIS.linear.share(0.5)).toBe(0.5)
    expect(AXIS['linear ×10'].share(0.05)).toBe(0.5)
    expect(AXIS['linear ×100'].share(0.005)).toBe(0.5)
    expect(AXIS.dB.share(0.1)).toBeCloseTo(2 / 3, 9)
    expect(AXIS.dB.share(-0.01)).toBeCloseTo(-1 / 3, 9)
    expect(AXIS.dB.marks.map(({ text }) => text)).toEqual(['0', '−20', '−40', '−60', '−40', '−20', '0'])
    expect(AXIS['linear ×10'].marks.at(-1)!.text).toBe('0.10')
  })
})
