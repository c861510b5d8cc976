import { describe, expect, it, test } from 'vitest'
import { NO_LINK, type LinkView, type NodeView } from '#contract/state.ts'
import { calibrationWord, lossWord, wallColumns } from '#renderer/overview/words.ts'

const FORMAT = { rate: 48_000, channels: 2, format: 's32' } as const

function nodeWith(link: Partial<LinkView>, calibration: NodeView['calibration'] = { state: 'none' }): NodeView {
  return { presence: 'live', format: FORMAT, link: { ...NO_LINK, frames: 48_000, ...link }, calibration } as NodeView
}

describe('what a tile says of loss', () => {
  const slow = { code: 'link-slow', message: 'slow' } as const
  const ends = { code: 'ring-ends', message: 'ends' } as const
  test.each<[what: string, link: Partial<LinkView>, text: string, tone: string]>([
    ['nothing happened', {}, 'No loss', 'calm'],
    ['gaps', { gaps: 2, missingFrames: 16_320 }, '2 gaps, 340 ms missing', 'warn'],
    ['all came back', { gaps: 1, repairedFrames: 24_000 }, '500 ms refilled', 'calm'],
    ['a repair of no length', { pendingFrames: 1, repairedFrames: 47 }, 'No loss', 'calm'],
    ['it is on its way', { gaps: 1, missingFrames: 96_000, pendingFrames: 72_000 }, 'Refilling 1.50 s', 'warn'],
    ['the link is too slow', { warnings: [slow], pendingFrames: 1 }, 'Link too slow', 'warn'],
    ['the ring runs out', { warnings: [slow, ends] }, 'Sound is about to be lost', 'bad'],
  ])('%s', (_what, link, text, tone) => {
    expect(lossWord(nodeWith(link))).toEqual({ text, tone })
  })
})

test('what a tile says of loss at a node that is not heard now, or never was', () => {
  expect(lossWord({ ...nodeWith({}), presence: 'lost' }).text).toBe('No loss until then')
  expect(lossWord({ ...nodeWith({ frames: 0 }), presence: 'connecting' }).text).toBe('')
})

test('what a tile says of calibration', () => {
  const spl = { offsetDb: 120, provenance: 'estimate', estimate: true } as const
  expect(calibrationWord(nodeWith({})).text).toBe('Uncalibrated')
  expect(calibrationWord(nodeWith({}, { state: 'applied' })).text).toBe('Corrected')
  expect(calibrationWord(nodeWith({}, { state: 'applied', spl })).text).toBe('SPL estimated')
  expect(calibrationWord(nodeWith({}, { state: 'none', spl: { ...spl, estimate: false } })).text).toBe('SPL calibrated')
  expect(calibrationWord(nodeWith({}, { state: 'refused' }))).toEqual({ text: 'Calibration refused', tone: 'warn' })
})

describe('the wall', () => {
  it('is filled by one node', () => expect(wallColumns(1, 1920, 1080)).toBe(1))
  test.each([
    [2, 2],
    [4, 2],
    [6, 3],
    [9, 3],
    [16, 4],
    [32, 7],
  ])('%i nodes stand in %i columns on a screen of 16 to 9', (count, columns) => {
    expect(wallColumns(count, 1920, 1080)).toBe(columns)
  })
  it('is one column on a screen that stands upright', () => expect(wallColumns(3, 600, 1200)).toBe(1))
})
