import { describe, expect, test } from 'vitest'
import { HISTORY_FLOOR, HISTORY_SECONDS, History } from '#renderer/last-minute/history.ts'
import { ColumnRing } from '#renderer/last-minute/ring.ts'

describe('column ring', () => {
  test('gives the newest rows in order and in one piece, whatever the number of rows', () => {
    for (let rows = 0; rows <= 23; rows++) {
      const ring = new ColumnRing(7, 2)
      for (let i = 0; i < rows; i++) {
        ring.append()
        ring.set(0, i)
        ring.set(1, 100 - i)
      }
      const expected = Array.from({ length: Math.min(rows, 7) }, (_, i) => rows - Math.min(rows, 7) + i)
      expect([...ring.column(0)]).toEqual(expected)
      expect([...ring.column(1)]).toEqual(expected.map((i) => 100 - i))
      expect(ring.length).toBe(expected.length)
    }
  })

  test('a column is a view, not a copy', () => {
    const ring = new ColumnRing(4, 1)
    ring.append()
    expect(ring.column(0).buffer).toBe(ring.column(0).buffer)
  })

  test('a new row never shows the value of the row it replaces', () => {
    const ring = new ColumnRing(2, 1)
    for (const value of [5, 6]) {
      ring.append()
      ring.set(0, value)
    }
    ring.append()
    expect([...ring.column(0)]).toEqual([6, 0])
  })
})

describe('history', () => {
  test('keeps the highest peak and the newest loudness of each step of 50 ms', () => {
    const history = new History()
    history.push(100.001, -30, -12, false)
    history.push(100.02, -29, -3, false)
    history.push(100.04, -28, -20, false)
    history.push(100.06, -27, -15, false)
    const [time, loudness, peak] = history.columns()
    expect([...time].map((t) => Math.round(t * 100) / 100)).toEqual([100, 100.05])
    expect([...loudness]).toEqual([-28, -27])
    expect([...peak]).toEqual([-3, -15])
    expect(history.newest).toBe(100.06)
  })

  test('holds a minute and no more', () => {
    const history = new History()
    for (let i = 0; i < 10_000; i++) history.push(i * 0.05, -20, -10, false)
    const [time] = history.columns()
    const span = time.at(-1)! - time[0]!
    expect(span).toBeGreaterThanOrEqual(HISTORY_SECONDS)
    expect(span).toBeLessThan(HISTORY_SECONDS + 1)
  })

  test('silence is drawn at the floor: no value is infinite or NaN', () => {
    const history = new History()
    for (let i = 0; i < 50; i++) history.push(10 + i * 0.02, -Infinity, -Infinity, i === 20)
    for (const column of history.columns()) expect(column.every((value) => Number.isFinite(value))).toBe(true)
    expect(history.columns()[1].every((value) => value === HISTORY_FLOOR)).toBe(true)
  })

  test('lost sound is marked from the last reading to the next', () => {
    const history = new History()
    history.push(10, -20, -10, false)
    history.push(10.02, -20, -10, true)
    history.push(16, -20, -10, true)
    history.push(16.02, -20, -10, false)
    expect(history.spans).toEqual([{ from: 10, to: 16, kind: 'lost' }])
  })

  test('a time without readings is a break but not a loss', () => {
    const history = new History()
    history.push(10, -20, -10, false)
    history.push(11, -20, -10, false)
    history.push(14, -20, -10, false)
    expect(history.spans).toEqual([{ from: 11, to: 14, kind: 'away' }])
  })

  test('loudness without a figure right after a gap is settling; later it is silence', () => {
    const history = new History()
    history.push(10, -20, -10, false)
    history.push(12, -Infinity, -10, true)
    history.push(12.1, -Infinity, -10, false)
    history.push(12.2, -20, -10, false)
    history.push(12.3, -Infinity, -80, false)
    expect(history.spans).toEqual([
      { from: 10, to: 12, kind: 'lost' },
      { from: 12, to: 12.2, kind: 'settling' },
    ])
  })

  test('marks older than the picture are forgotten, and their number is bounded', () => {
    const history = new History()
    for (let i = 0; i < 5000; i++) history.push(10 + i * 0.02, -20, -10, i % 2 === 0)
    expect(history.spans.length).toBeLessThanOrEqual(256)
    for (let i = 0; i < 100; i++) history.push(1000 + i, -20, -10, false)
    expect(history.spans.every((span) => span.to >= history.newest - 2 * HISTORY_SECONDS)).toBe(true)
  })

  test('a stream that begins without figures is not drawn as silence, one that stays silent is', () => {
    const history = new History()
    history.push(10, -Infinity, -Infinity, false)
    history.push(10.1, -20, -10, false)
    expect([...history.columns()[1]]).toEqual([-20])
    const silent = new History()
    for (let i = 0; i < 20; i++) silent.push(10 + i * 0.1, -Infinity, -Infinity, false)
    expect(silent.columns()[1].length).toBeGreaterThan(0)
  })

  test('a clock that is set back starts the history anew', () => {
    const history = new History()
    history.push(1000, -20, -10, false)
    history.push(500, -30, -10, false)
    expect([...history.columns()[1]]).toEqual([-30])
    expect(history.spans).toEqual([])
  })

  test('each push is news', () => {
    const history = new History()
    const before = history.version
    history.push(1, -20, -10, false)
    history.push(1.001, -20, -10, false)
    expect(history.version).toBe(before + 2)
  })
})
