import { describe, expect, it } from 'vitest'
import { COLOUR_COUNT, colourAt, colours, MAPS } from '#meters/spectrogram/colours.ts'
import { SpectrogramHistory } from '#meters/spectrogram/history.ts'
import {
  COLUMNS,
  COUNT_MODULUS,
  ROWS,
  columnSeconds,
  spectrogramFrequencies,
  spectrogramMeter,
} from '#meters/spectrogram/meter.ts'
import { feed, noise, random, read, tone } from '../support/signals.ts'

const SHAPE = { rate: 48_000, channels: 1 }
/** Frames of a column. */
const STEP = 2048

const column = (columns: readonly number[], fromNewest: number): readonly number[] =>
  columns.slice((COLUMNS - 1 - fromNewest) * ROWS, (COLUMNS - fromNewest) * ROWS)

describe('spectrogram', () => {
  it.each([8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000])(
    'has a column each 20 to 50 ms at %i Hz',
    (rate) => {
      expect(columnSeconds({ rate, channels: 1 })).toBeGreaterThan(0.02)
      expect(columnSeconds({ rate, channels: 1 })).toBeLessThan(0.05)
    },
  )

  it('shows a tone at its level in its row, and each column once', () => {
    const meter = spectrogramMeter.create(SHAPE)
    const f = spectrogramFrequencies(SHAPE)
    const at = 80
    feed(meter, [tone(48_000, [[(6 * STEP) / 48_000, -20]], f[at])])
    const { count, columns } = read(meter, spectrogramMeter, SHAPE)
    // The first window is two columns long.
    expect(count).toEqual([6])
    for (let i = 0; i < 5; i++) {
      const levels = column(columns!, i)
      expect(levels.indexOf(Math.max(...levels))).toBe(at)
      expect(Math.abs(Math.max(...levels) + 20)).toBeLessThan(0.3)
    }
    expect(new Set(column(columns!, 5))).toEqual(new Set([-Infinity]))
  })

  it('has news once a column only', () => {
    const meter = spectrogramMeter.create(SHAPE)
    let news = 0
    const x = noise(STEP * 11, 1)
    for (let at = 0; at < x.length; at += 256) {
      meter.process([x.subarray(at, at + 256)], 256)
      if (!meter.fresh) continue
      news++
      read(meter, spectrogramMeter, SHAPE)
    }
    expect(news).toBe(10)
  })

  it('leaves lost time empty, and keeps time over gaps of any length', () => {
    const meter = spectrogramMeter.create(SHAPE)
    const x = noise(STEP * 4, 1)
    feed(meter, [x])
    meter.gap(STEP * 3)
    feed(meter, [x.subarray(0, 2 * STEP)])
    const { count, columns } = read(meter, spectrogramMeter, SHAPE)
    expect(count).toEqual([9])
    const empty = Array.from({ length: COLUMNS }, (_, i) => column(columns!, i)[50] === -Infinity)
    expect(empty).toEqual([false, true, true, true, true, false, false, false])
    meter.gap(2 ** 50)
    feed(meter, [x])
    expect(Number.isInteger(read(meter, spectrogramMeter, SHAPE)['count']![0])).toBe(true)
  })

  it('reads bit for bit the same however the signal is cut', () => {
    const shape = { rate: 44_100, channels: 2 }
    const planes = [noise(60_011, 1), noise(60_011, 2)]
    const run = (block: number | (() => number)) => {
      const meter = spectrogramMeter.create(shape)
      feed(meter, planes, block)
      meter.gap(7001)
      feed(meter, planes, block)
      return read(meter, spectrogramMeter, shape)
    }
    const whole = run(1 << 30)
    for (let seed = 0; seed < 5; seed++) {
      const next = random(seed)
      expect(run(() => 1 + Math.floor(next() ** 3 * 9000))).toEqual(whole)
    }
  })

  it('never reads NaN, and leaves a window with what is not a number empty', () => {
    for (const bad of [Number.NaN, Infinity, 3e38]) {
      const meter = spectrogramMeter.create(SHAPE)
      const x = tone(48_000, [[0.3, -20]])
      x[9000] = bad
      feed(meter, [x])
      for (const value of read(meter, spectrogramMeter, SHAPE)['columns']!) expect(value).not.toBeNaN()
    }
  })
})

describe('the picture of a spectrogram', () => {
  const readingOf = (from: number): Float32Array =>
    Float32Array.from({ length: COLUMNS * ROWS }, (_, i) => -100 + from + Math.floor(i / ROWS))
  const NONE_LOST = new Float32Array(COLUMNS)

  /** Level of the first row of each column that is still there, oldest first. */
  const shown = (history: SpectrogramHistory): number[] =>
    Array.from({ length: history.head - history.oldest }, (_, i) => history.level(history.oldest + i, 0))
  const kinds = (history: SpectrogramHistory): string =>
    Array.from({ length: history.head - history.oldest }, (_, i) => history.kind(history.oldest + i)[0]).join('')

  it('takes each new column once, and knows which no reading had', () => {
    const history = new SpectrogramHistory(24)
    expect(history.take(100, readingOf(0), NONE_LOST)).toBe(8)
    expect(history.take(100, readingOf(0), NONE_LOST)).toBe(0)
    expect(history.take(102, readingOf(2), NONE_LOST)).toBe(2)
    const levels = (n: number): number[] => Array.from({ length: n }, (_, i) => -100 + i)
    expect(shown(history)).toEqual(levels(10))
    expect(history.take(112, readingOf(12), NONE_LOST)).toBe(10)
    expect(shown(history)).toEqual([...levels(10), -Infinity, -Infinity, ...levels(20).slice(12)])
    expect(kinds(history)).toBe('hhhhhhhhhhuuhhhhhhhh')
    expect(history.take(5000, readingOf(0), NONE_LOST)).toBe(24)
    expect(kinds(history)).toBe(`${'u'.repeat(16)}${'h'.repeat(8)}`)
    expect([history.level(history.oldest - 1, 0), history.level(history.head, 0)]).toEqual([-Infinity, -Infinity])
  })

  it('goes on when the count starts again from 0', () => {
    const history = new SpectrogramHistory(24)
    history.take(COUNT_MODULUS - 1, readingOf(0), NONE_LOST)
    expect(history.take(2, readingOf(3), NONE_LOST)).toBe(3)
    expect(kinds(history)).toBe('h'.repeat(11))
  })

  it('tells lost columns, silence, and what was before the sound began', () => {
    const history = new SpectrogramHistory(24)
    const reading = readingOf(0).fill(-Infinity, 5 * ROWS, 6 * ROWS)
    history.take(4, reading, Float32Array.of(0, 0, 0, 0, 0, 0, 1, 0))
    expect(kinds(history)).toBe('uuuuhhlh')
    expect(history.level(5, 0)).toBe(-Infinity)
  })

  it('hears from the meter which columns were lost', () => {
    const meter = spectrogramMeter.create(SHAPE)
    feed(meter, [noise(STEP * 4, 1)])
    expect(read(meter, spectrogramMeter, SHAPE)['lost'], 'nothing yet').toEqual(Array(COLUMNS).fill(0))
    meter.gap(STEP * 3)
    feed(meter, [noise(STEP * 2, 2)])
    const { count, columns, lost } = read(meter, spectrogramMeter, SHAPE)
    const history = new SpectrogramHistory(24)
    history.take(count![0]!, Float32Array.from(columns!), Float32Array.from(lost!))
    expect(kinds(history)).toBe('hllllh'.padStart(8, 'h'))
  })

  it('gives levels the colours between floor and ceiling', () => {
    expect([-200, -110, -60, -10, 0].map((db) => colourAt(db, -110, -10))).toEqual([0, 0, 128, 255, 255])
    expect(colourAt(-Infinity, -110, -10)).toBe(0)
  })

  const maps = MAPS.flatMap((map) => (['dark', 'light'] as const).map((theme) => [map, theme] as const))
  it.each(maps)('%s has colours whose lightness goes one way in the %s theme', (map, theme) => {
    const all = colours(map, theme)
    const luma = Array.from(
      { length: COLOUR_COUNT },
      (_, i) => 0.2126 * all[4 * i]! + 0.7152 * all[4 * i + 1]! + 0.0722 * all[4 * i + 2]!,
    )
    const sign = theme === 'dark' ? 1 : -1
    for (let i = 8; i < COLOUR_COUNT; i++) expect(sign * (luma[i]! - luma[i - 8]!)).toBeGreaterThan(0)
  })
})
