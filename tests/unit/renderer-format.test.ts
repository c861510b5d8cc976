import { describe, expect, test } from 'vitest'
import type { TakeView } from '#contract/state.ts'
import { FALL_DB_PER_S, HOLD_S, PeakBallistics } from '#meters/draw/ballistics.ts'
import { FigurePace } from '#meters/draw/figure.ts'
import { formatHertz, formatLevel } from '#meters/draw/format.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRoom,
  formatSpan,
  formatTime,
  plural,
} from '#renderer/format.ts'
import {
  gapWords,
  missingSeconds,
  missingWords,
  refilledWords,
  roomSeconds,
  stopSummary,
  waitingWords,
} from '#renderer/takes/words.ts'

describe('figures', () => {
  test.each([
    [-23, '−23.0'],
    [-23.04, '−23.0'],
    [-0.04, '0.0'],
    [0, '0.0'],
    [1.25, '1.3'],
    [-Infinity, '−∞'],
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
  ])('%s dB is "%s"', (value, text) => expect(formatLevel(value)).toBe(text))

  test.each([
    [20, '20'],
    [1000, '1k'],
    [20_000, '20k'],
  ])('%s Hz is "%s"', (value, text) => expect(formatHertz(value)).toBe(text))

  test.each([
    [0, '0:00'],
    [59.99, '0:59'],
    [61, '1:01'],
    [3600, '1:00:00'],
    [90_061, '25:01:01'],
    [-1, '0:00'],
  ])('%s s last "%s"', (value, text) => expect(formatDuration(value)).toBe(text))

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_999, '1.0 MB'],
    [5_500_000, '5.5 MB'],
    [2e15, '2000.0 TB'],
  ])('%s bytes are "%s"', (value, text) => expect(formatBytes(value)).toBe(text))

  test.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('%s is "%s"', (value, text) => expect(formatCount(value)).toBe(text))

  test('counts agree with their words', () => {
    expect(plural(1, 'gap')).toBe('1 gap')
    expect(plural(0, 'gap')).toBe('0 gaps')
    expect(plural(1200, 'gap')).toBe('1,200 gaps')
  })

  test.each([
    [0.0104, '10 ms'],
    [6.594, '6.59 s'],
    [61, '1:01'],
  ])('%s s are a span of "%s"', (value, text) => expect(formatSpan(value)).toBe(text))

  test('a time has its date only where it is not today', () => {
    const noon = new Date(2026, 10, 21, 12, 3, 5).getTime()
    expect(formatTime(noon, noon + 1000)).toBe('12:03:05')
    expect(formatTime(noon, noon + 86_400_000)).toBe('2026-11-21 12:03:05')
  })
})

describe('takes', () => {
  const take: TakeView = {
    id: 't1',
    group: 'g1',
    node: 1,
    name: 'Attic',
    state: 'finished',
    startedAt: 0,
    preRollSeconds: 0,
    folder: '/tmp',
    files: ['a.wav'],
    lengths: [10],
    sealed: 1,
    frames: 480_000,
    seconds: 10,
    bytes: 3_840_044,
    gaps: 0,
    missingFrames: 0,
    pendingFrames: 0,
    repairedFrames: 0,
    losses: [],
    markers: [],
    resumed: 0,
    queuedBytes: 0,
    integrated: -23,
    rms: [-26],
  }
  const lossy: TakeView = { ...take, id: 't2', name: 'Cellar', gaps: 2, missingFrames: 4800 }

  test('a take says what it lost', () => {
    expect(`${gapWords(take)}, ${missingWords(take)}`).toBe('No gaps, nothing missing')
    expect(missingSeconds(lossy)).toBeCloseTo(0.1, 9)
    expect(`${gapWords(lossy)}, ${missingWords(lossy)}`).toBe('2 gaps, 100 ms missing')
    expect(missingSeconds({ ...lossy, frames: 0, seconds: 0 })).toBe(0)
  })

  test('the summary after Stop names what is missing, and where', () => {
    expect(stopSummary([take])).toBe('Recording of Attic saved: 0:10, −23.0 LUFS. No gaps, nothing missing.')
    expect(stopSummary([take, lossy])).toBe('2 recordings saved. Sound is missing in Cellar.')
    expect(stopSummary([take, take])).toBe('2 recordings saved. Nothing missing.')
  })

  test('what came back is told too', () => {
    const repaired = { ...take, repairedFrames: 24_000 }
    expect(refilledWords(take)).toBeUndefined()
    expect(refilledWords(repaired)).toBe('500 ms refilled')
    expect(stopSummary([repaired])).toBe(
      'Recording of Attic saved: 0:10, −23.0 LUFS. No gaps, nothing missing, 500 ms refilled.',
    )
  })

  test('a stopped take says what it waits for', () => {
    const noon = new Date(2026, 10, 21, 12, 0, 0).getTime()
    expect(waitingWords(take)).toBeUndefined()
    expect(waitingWords({ ...take, state: 'sealing' })).toBe('Writing checksums…')
    const waiting: TakeView = { ...take, state: 'repairing', missingFrames: 96_000, pendingFrames: 96_000 }
    expect(waitingWords(waiting)).toBe('Waiting for 2.00 s that may still come.')
    expect(waitingWords({ ...waiting, pendingFrames: 0 }), 'the node is not heard').toBe(
      'Waiting for sound from before the stop that may still come.',
    )
    expect(waitingWords({ ...waiting, finishesAt: noon })).toMatch(
      / that may still come, until .*12:00:00 at the latest\.$/,
    )
  })

  test('the room of all is that of the one that fills its disk first', () => {
    const running: TakeView = { ...take, state: 'recording', diskSeconds: 7200 }
    expect(roomSeconds([take, running, { ...running, diskSeconds: 581 }])).toBe(581)
    expect(roomSeconds([take, { ...take, diskSeconds: 3 }]), 'nothing runs').toBeUndefined()
    expect([581, 2520, 18_720, 300_000].map(formatRoom)).toEqual(['9:41', '42 min', '5 h 12 min', '3 days'])
  })

  test('a recording that failed is not called saved', () => {
    const failed: TakeView = { ...take, state: 'failed', fault: { code: 'disk-full', message: 'The disk is full.' } }
    expect(stopSummary([failed])).toBe('Recording of Attic failed: The disk is full.')
    expect(stopSummary([take, { ...failed, name: 'Cellar' }])).toBe(
      '1 recording saved. Failed: Cellar. Nothing missing.',
    )
  })
})

describe('motion', () => {
  test('a peak rises at once, is held, then falls 20 dB in 1.7 s', () => {
    const peak = new PeakBallistics()
    peak.update(-10, 0)
    expect(peak.bar).toBe(-10)
    peak.update(-Infinity, 1700)
    expect(peak.bar).toBeCloseTo(-30, 6)
    expect(FALL_DB_PER_S * 1.7).toBeCloseTo(20, 9)
  })

  test('the held peak stays for its time and is replaced by a higher one at once', () => {
    const peak = new PeakBallistics()
    peak.update(-10, 0)
    for (let ms = 20; ms <= HOLD_S * 1000; ms += 20) peak.update(-60, ms)
    expect(peak.hold).toBe(-10)
    peak.update(-5, HOLD_S * 1000 + 10)
    expect(peak.hold).toBe(-5)
  })

  test('the held peak falls to the bar and never below it', () => {
    const peak = new PeakBallistics()
    peak.update(-10, 0)
    for (let ms = 20; ms < 20_000; ms += 20) {
      peak.update(-30, ms)
      expect(peak.hold).toBeGreaterThanOrEqual(peak.bar)
    }
    expect(peak.hold).toBe(-30)
  })

  test('a cleared peak starts from nothing', () => {
    const peak = new PeakBallistics()
    peak.update(-10, 0)
    peak.clear()
    peak.update(-50, 20)
    expect([peak.bar, peak.hold]).toEqual([-50, -50])
  })

  test('figures change ten times a second at 60 frames a second', () => {
    const pace = new FigurePace()
    let shown = 0
    for (let frame = 0; frame < 600; frame++) if (pace.due((frame * 1000) / 60)) shown++
    expect(shown).toBeGreaterThanOrEqual(99)
    expect(shown).toBeLessThanOrEqual(101)
  })
})
