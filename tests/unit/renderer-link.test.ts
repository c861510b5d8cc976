import { expect, test } from 'vitest'
import type { LinkHistory } from '#contract/link-health.ts'
import { NO_LINK, type LinkView, type NodeView } from '#contract/state.ts'
import { linkFigures, linkTable } from '#renderer/link-health/figures.ts'
import { traceColumns, TRACES } from '#renderer/link-health/plot.ts'

const LINK: LinkView = {
  ...NO_LINK,
  losses: [
    {
      sentence: 'Network to attic: 340 ms missing, refilled',
      at: 0,
      stage: 'network',
      frames: 16_320,
      state: 'refilled',
    },
  ],
  gaps: 1,
  repairedFrames: 16_320,
}

function node(link: Partial<LinkView> = {}): NodeView {
  return {
    key: 1,
    address: 'tcp://attic:5555',
    name: 'Attic',
    presence: 'live',
    paused: false,
    choices: {},
    calibration: { state: 'none' },
    format: { format: 's16', channels: 1, rate: 48_000 },
    link: { ...LINK, ...link },
  }
}

const text = (of: NodeView, id: string): string =>
  linkFigures(of, [], '1.2.3')
    .flatMap(({ figures }) => figures)
    .find((figure) => figure.id === id)!.text

test('what is not known is no zero', () => {
  const unknown = node()
  for (const id of [
    'link-latency',
    'link-jitter',
    'link-round-trip',
    'link-rate',
    'link-drift',
    'link-cpu',
    'link-queue',
  ])
    expect(text(unknown, id), id).toBe('–')
  expect(text(unknown, 'link-ring')).toBe('nothing')
})

test('figures have units, and a latency says by how much it may be wrong', () => {
  const known = node({
    queue: { blocks: 150, limit: 200 },
    health: {
      at: 1,
      latencyMs: 12.34,
      uncertaintyMs: 0.45,
      jitterMs: 1.2,
      bitsPerSecond: 3_123_000,
      driftPpm: -12.34,
      wallOffsetMs: 2500,
      stepped: false,
      sessionSeconds: 61,
      ring: { kind: 'memory', seconds: 120, heldSeconds: 90.2 },
    },
  })
  expect(text(known, 'link-latency')).toBe('12.3 ± 0.5 ms')
  expect(text(known, 'link-rate')).toBe('3.12 Mb/s')
  expect(text(known, 'link-drift')).toBe('−12.3 ppm')
  expect(text(known, 'link-wall-offset')).toBe('+2.50 s')
  expect(text(known, 'link-ring')).toBe('1:30 of 2:00')
  expect(text(known, 'link-session')).toBe('1:01')
  expect(text(known, 'link-repaired')).toBe('340 ms')
  const alarms = linkFigures(known, [], '1')
    .flatMap(({ figures }) => figures)
    .filter(({ alarm }) => alarm)
  expect(alarms.map(({ id }) => id)).toEqual(['link-gaps', 'link-queue'])
})

test('the table has every figure with its unit, and every loss', () => {
  const one = node()
  const groups = linkFigures(one, [], '1.2.3')
  const { columns, rows } = linkTable(groups, one)
  expect(rows.every((row) => row.length === columns.length)).toBe(true)
  expect(rows).toContainEqual(['Lost and found', 'Refilled', 16_320, 'frames', undefined])
  expect(rows).toContainEqual(['Lost and found', 'Gaps', 1, 'times', undefined])
  expect(rows.at(-1)).toEqual([
    'Loss',
    'Network to attic: 340 ms missing, refilled',
    16_320,
    'frames',
    '1970-01-01T00:00:00.000Z',
  ])
})

test('a trace shows the last minute on a scale of whole steps', () => {
  const seconds = Array.from({ length: 200 }, (_, i) => i)
  const history: LinkHistory = {
    at: seconds.map((i) => 1000 * (i + 1)),
    latencyMs: seconds.map((i) => (i === 199 ? null : 5)),
    latencyMaxMs: seconds.map((i) => (i === 150 ? 63 : i === 10 ? 900 : 7)),
    jitterMs: seconds.map(() => -0),
    roundTripMs: seconds.map(() => null),
    heardMs: seconds.map(() => 1000),
    missingMs: seconds.map((i) => (i === 190 ? 4600 : 0)),
  }
  const [latency, , missing] = TRACES
  const shown = traceColumns(history, latency!, 60)
  expect(shown).toMatchObject({ from: 140, to: 200, low: 0, high: 100 })
  expect(shown.data[0]).toHaveLength(60)
  expect(shown.data[2]!.at(-1)).toBeNull()
  const bars = traceColumns(history, missing!, 60)
  expect(bars.high).toBe(5000)
  expect([...bars.data[1]!].filter((ms) => ms !== null)).toEqual([4600])
  expect(traceColumns(history, latency!, 600)).toMatchObject({ from: -400, high: 1000 })
})
