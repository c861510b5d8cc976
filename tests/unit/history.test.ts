/** The history of levels held against a direct calculation, at every zoom, with holes, breaks and clocks that jump. */
import { describe, expect, test } from 'vitest'
import { FRAME_CALIBRATED } from '#contract/frame.ts'
import {
  HISTORY_CALIBRATED,
  HISTORY_OVERLOAD,
  HISTORY_UNCALIBRATED,
  historyLevel,
  historyQuery,
  historyStep,
  NO_FIGURE,
  SILENT,
  type HistoryFigureId,
  type HistoryPage,
} from '#contract/history.ts'
import { NodeHistory } from '#engine/history/node-history.ts'
import { random, reading } from '../support/history-readings.ts'

const SHAPE = { rate: 48_000, channels: 2 }
const START = Date.UTC(2026, 10, 21, 7, 59, 30)
const line = (page: HistoryPage, figure: HistoryFigureId, channel = 0) =>
  page.lines.find((l) => l.figure === figure && l.channel === channel)!

interface Said {
  readonly at: number
  readonly rms: number
  readonly peak: number
}

/** 20 minutes of readings every 20 ms, of which some stretches are missing, and what was lost. */
function walk(history: NodeHistory): { said: Said[]; lost: [number, number][] } {
  const next = random(7)
  const said: Said[] = []
  const lost: [number, number][] = []
  history.shape(SHAPE)
  /** Meters begin anew where nobody listened. */
  let heard = 0
  for (let at = START; at < START + 1_200_000;) {
    at += 20
    if (next() < 0.0005) {
      const from = at
      at += 20 * Math.ceil(400 * next())
      // Half of the holes were lost on the way, in the others nobody listened.
      if (next() < 0.5) {
        lost.push([from, at])
        history.lose(from, at)
      } else heard = 0
      at += 20
    }
    const rms = Math.round(100 * (-60 + 50 * next())) / 100
    const peak = Math.round(100 * (rms + 10 * next())) / 100
    said.push({ at, rms, peak })
    history.take(
      reading(SHAPE, at, { 'level.rms': [-90, rms], 'level.peak': [-80, peak], 'loudness.heard': [(heard += 0.02)] }),
    )
  }
  history.flush()
  return { said, lost }
}

/** Energy mean of means of tenths of a second, as the history weighs them: by how much of the tenth was heard. */
function directMean(said: readonly Said[], lost: readonly [number, number][]): number {
  const tenths = new Map<number, number[]>()
  for (const { at, rms } of said) {
    const tenth = Math.ceil(at / 100) - 1
    tenths.set(tenth, [...(tenths.get(tenth) ?? []), 10 ** (rms / 10)])
  }
  let [energy, weight] = [0, 0]
  for (const [tenth, energies] of tenths) {
    const heard = Math.max(1, 100 - overlap(lost, tenth * 100, (tenth + 1) * 100))
    energy += (heard * energies.reduce((a, b) => a + b)) / energies.length
    weight += heard
  }
  return 10 * Math.log10(energy / weight)
}

function overlap(spans: readonly [number, number][], from: number, to: number): number {
  return spans.reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0)
}

describe('the history', () => {
  const history = new NodeHistory()
  const { said, lost } = walk(history)

  test.each([
    [100, 330, 600],
    [200, 600, 700],
    [500, 600, 900],
    [1000, 0, 1200],
    [3000, 10, 363],
    [7000, 3, 171],
    [64_000, 0, 18],
    [333_000, 100, 3],
    [2_000_000, 0, 1],
  ])('of steps of %i ms equals a direct calculation', (step, fromS, columns) => {
    const from = START + 1000 * fromS
    const page = history.query({ from, to: from + step * columns, columns, figures: ['rms', 'peak'] })
    expect(page.step).toBe(step)
    expect(page.count).toBeGreaterThan(0)
    const [rms, peak] = [line(page, 'rms', 1), line(page, 'peak', 1)]
    expect(rms.mean).toHaveLength(page.count)
    for (let i = 0; i < page.count; i++) {
      const [a, b] = [page.from + i * step, page.from + (i + 1) * step]
      const own = said.filter(({ at }) => at > a && at <= b)
      expect(page.lost[i]).toBe(overlap(lost, a, b))
      if (own.length === 0) {
        expect([rms.min[i], rms.mean[i], rms.max[i], peak.max[i], page.heard[i]]).toEqual([
          ...Array<number>(4).fill(NO_FIGURE),
          0,
        ])
        continue
      }
      expect(rms.min[i]).toBe(Math.round(100 * Math.min(...own.map((s) => s.rms))))
      expect(rms.max[i]).toBe(Math.round(100 * Math.max(...own.map((s) => s.rms))))
      expect(peak.max[i]).toBe(Math.round(100 * Math.max(...own.map((s) => s.peak))))
      expect(Math.abs(historyLevel(rms.mean[i])! - directMean(own, lost))).toBeLessThan(0.02)
      expect(page.at[i]).toBe(own.at(-1)!.at)
      expect(page.position[i]).toBe(own.at(-1)!.at * 48)
    }
  })

  test('has holes in it that the test looks at', () => {
    expect(lost.length).toBeGreaterThan(5)
    expect(said.length).toBeLessThan(59_000)
  })

  test('never has more stretches than were asked for, and one', () => {
    for (let i = 0; i < 200; i++) {
      const next = random(i)
      const from = START + 1_000_000 * next()
      const to = from + 1 + 1_200_000 * next()
      const columns = Math.ceil(500 * next())
      const page = history.query({ from, to, columns, figures: [] })
      expect(page.count).toBeLessThanOrEqual(columns + 1)
      expect(page.from % page.step).toBe(0)
    }
  })
})

describe('what a figure means', () => {
  const take = (history: NodeHistory, at: number, figures: Record<string, readonly number[]>, flags = 0): void =>
    history.take(reading(SHAPE, at, figures, flags))
  const whole = (history: NodeHistory, figures: readonly HistoryFigureId[]): HistoryPage =>
    history.query({ from: START - 10_000, to: START + 100_000, columns: 1, figures })

  test('LAeq of a second is what the meter says at its end; over more it is their energy mean', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (let at = START + 20; at <= START + 2000; at += 20)
      take(history, at, { 'sound-level.LAeq1s': at <= START + 1000 ? [-50 + (at - START) / 100, -9] : [-30, -9] })
    history.flush()
    const seconds = history.query({ from: START, to: START + 2000, columns: 2, figures: ['LAeq'] })
    expect(line(seconds, 'LAeq').mean).toEqual([-4000, -3000])
    expect(line(whole(history, ['LAeq']), 'LAeq').mean[0]).toBe(
      Math.round(1000 * Math.log10((10 ** -4 + 10 ** -3) / 2)),
    )
  })

  test('after a break -Infinity is no figure; later it is silence, never a zero', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (let at = START + 20; at <= START + 4000; at += 20) take(history, at, { 'level.rms': [-20, -20] })
    history.flush()
    const page = history.query({ from: START, to: START + 4000, columns: 4, figures: ['momentary', 'rms'] })
    expect(line(page, 'momentary').mean).toEqual([NO_FIGURE, NO_FIGURE, SILENT, SILENT])
    expect(line(page, 'rms').mean).toEqual([-2000, -2000, -2000, -2000])
    expect(historyLevel(SILENT)).toBe(-Infinity)
    expect(historyLevel(NO_FIGURE)).toBeUndefined()
  })

  test('meters that were begun anew have no figure yet, however short the break was', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (let at = START + 20; at <= START + 4000; at += 20) {
      const heard = at <= START + 2000 ? 9 : (at - START) / 1000 - 2
      const known = at <= START + 2000 || at > START + 2500
      take(history, at, { 'loudness.heard': [heard], 'loudness.momentary': [known ? -30 : -Infinity] })
    }
    history.flush()
    const page = history.query({ from: START, to: START + 4000, columns: 4, figures: ['momentary'] })
    expect(line(page, 'momentary').min).toEqual([-3000, -3000, -3000, -3000])
  })

  test('what a busy computer read late was heard, without figures of its own for each tenth', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (const ms of [20, 100, 1730, 2000]) take(history, START + ms, { 'level.peak': [-ms / 100, -1] })
    history.flush()
    const page = history.query({ from: START, to: START + 2000, columns: 2, figures: ['peak'] })
    expect(page.heard).toEqual([1000, 1000])
    expect(line(page, 'peak').max).toEqual([-20, -1730])
    const tenths = history.query({ from: START, to: START + 400, columns: 4, figures: ['peak'] })
    expect(line(tenths, 'peak').max).toEqual([-20, NO_FIGURE, NO_FIGURE, NO_FIGURE])
    expect(tenths.heard).toEqual([100, 100, 100, 100])
  })

  test('calibration and overload are true of a stretch when they are of some of it', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    take(history, START + 100, {}, FRAME_CALIBRATED)
    take(history, START + 1100, { 'level.clipped': [0, 1] })
    history.flush()
    const page = history.query({ from: START, to: START + 2000, columns: 2, figures: [] })
    expect(page.flags).toEqual([HISTORY_CALIBRATED, HISTORY_UNCALIBRATED | HISTORY_OVERLOAD])
    expect(whole(history, []).flags).toEqual([HISTORY_CALIBRATED | HISTORY_UNCALIBRATED | HISTORY_OVERLOAD])
  })

  test('a clock that is set back writes over what it had called the future', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (let at = START + 20; at <= START + 10_000; at += 20) take(history, at, { 'level.rms': [-20, -20] })
    for (let at = START + 3020; at <= START + 6000; at += 20) take(history, at, { 'level.rms': [-40, -40] })
    history.flush()
    expect(history.held!.to).toBe(START + 6000)
    const page = history.query({ from: START, to: START + 20_000, columns: 20, figures: ['rms'] })
    expect(line(page, 'rms').max.slice(0, 6)).toEqual([-2000, -2000, -2000, -4000, -4000, -4000])
  })

  test('more channels come, and what was before stays', () => {
    const history = new NodeHistory()
    history.shape({ rate: 48_000, channels: 1 })
    history.take(reading({ rate: 48_000, channels: 1 }, START + 50, { 'level.peak': [-3] }))
    history.shape(SHAPE)
    take(history, START + 1050, { 'level.peak': [-4, -5] })
    history.flush()
    const page = history.query({ from: START, to: START + 2000, columns: 2, figures: ['peak'] })
    expect(line(page, 'peak', 0).max).toEqual([-300, -400])
    expect(line(page, 'peak', 1).max).toEqual([NO_FIGURE, -500])
  })

  test('a reading of another shape is still on its way, and is left out', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    history.take(reading({ rate: 48_000, channels: 3 }, START + 50, { 'level.peak': [-3] }))
    history.flush()
    expect(history.held).toBeNull()
    expect(history.query({ from: START, to: START + 1000, columns: 1, figures: ['peak'] }).count).toBe(0)
  })

  test('tenths are shown as far as they reach; where something older is shown too, seconds', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (let at = START + 20; at <= START + 5000; at += 20) take(history, at, {})
    const step = (from: number, to: number): number => history.query({ from, to, columns: 100, figures: [] }).step
    expect(step(START - 5000, START + 5000)).toBe(100)
    for (let at = START + 5020; at <= START + 1_000_000; at += 20) take(history, at, {})
    expect(step(START, START + 10_000)).toBe(1000)
    expect(step(START + 990_000, START + 1_000_000)).toBe(100)
  })

  test('a day and an hour are kept, and what is older is gone', () => {
    const history = new NodeHistory()
    history.shape(SHAPE)
    for (let s = 0; s < 100_000; s += 50) take(history, START + 1000 * s + 500, { 'level.peak': [-s / 1000, -1] })
    history.flush()
    const { held } = history
    expect(held!.to - held!.from).toBeGreaterThan(24 * 3_600_000)
    const page = history.query({ from: START, to: START + 100_000_000, columns: 1, figures: ['peak'] })
    expect(line(page, 'peak').max[0]).toBeLessThan(-900)
  })
})

test('a stranger may ask only what makes sense', () => {
  const good = { from: 0, to: 1, columns: 10, figures: ['rms'] }
  expect(historyQuery(good)).toEqual(good)
  for (const bad of [
    { from: 1 },
    { to: -1 },
    { to: Infinity },
    { from: NaN },
    { columns: 0 },
    { columns: 1e9 },
    { columns: '5' },
    { figures: ['secrets'] },
    { figures: 'rms' },
    { figures: Array(50).fill('rms') },
  ])
    expect(historyQuery({ ...good, ...bad }), JSON.stringify(bad)).toBeUndefined()
})

test('steps are tenths, a few of them, or whole seconds', () => {
  expect([1, 100, 101, 300, 700, 1000, 1001, 61_500].map((ms) => historyStep(ms, 1))).toEqual([
    100, 100, 200, 500, 1000, 1000, 2000, 62_000,
  ])
})
