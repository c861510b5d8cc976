/** The list of takes, what is chosen to be recorded, and what of a take is played: arithmetic and words. */
import { describe, expect, test } from 'vitest'
import { takeFileAt, takeFilePath, type TakeFileForm } from '#contract/take-files.ts'
import { NO_LINK, type NodeView, type TakeView, type WorkstationState } from '#contract/state.ts'
import { verdictOf } from '#engine/recorder/sealing.ts'
import { EVERYTHING, listed, NEWEST_FIRST, pressedOn, type Filter, type Order } from '#renderer/takes/list.ts'
import { gapsOf, heardChoices, heardWords } from '#renderer/takes/playback.ts'
import { lengthOf, roomFor } from '#renderer/takes/record-choice.ts'
import { rangeOf } from '#web/take-answer.ts'

const TAKE: TakeView = {
  id: 'a',
  group: 'g',
  node: 1,
  name: 'Attic',
  state: 'finished',
  startedAt: 1000,
  preRollSeconds: 0,
  folder: '/takes',
  files: ['one.wav', 'two.wav'],
  lengths: [10, 5],
  sealed: 2,
  frames: 720_000,
  seconds: 15,
  bytes: 5_760_000,
  gaps: 0,
  missingFrames: 0,
  pendingFrames: 0,
  repairedFrames: 0,
  losses: [],
  markers: [],
  resumed: 0,
  queuedBytes: 0,
  integrated: -23,
  rms: [-26, -26],
  verdict: { whole: true, sentence: 'Complete.' },
}
const LATER: TakeView = { ...TAKE, id: 'b', name: 'Cellar', startedAt: 2000, seconds: 3, integrated: -50 }
const SILENT: TakeView = {
  ...TAKE,
  id: 'c',
  startedAt: 3000,
  seconds: 700,
  bytes: 1,
  integrated: null,
  verdict: { whole: false, sentence: 'Not complete.' },
}

describe('the list', () => {
  const ids = (filter: Filter, order: Order): string =>
    listed([TAKE, LATER, SILENT], filter, order)
      .map(({ id }) => id)
      .join('')

  test.each<[order: Order, expected: string]>([
    [NEWEST_FIRST, 'cba'],
    [{ by: 'started', down: false }, 'abc'],
    [{ by: 'node', down: false }, 'cab'],
    [{ by: 'node', down: true }, 'bca'],
    [{ by: 'length', down: true }, 'cab'],
    [{ by: 'size', down: true }, 'bac'],
    [{ by: 'loudness', down: true }, 'abc'],
  ])('sorted by %o', (order, expected) => expect(ids(EVERYTHING, order)).toBe(expected))

  test.each<[filter: Partial<Filter>, expected: string]>([
    [{ node: 'Attic' }, 'ca'],
    [{ certificate: 'whole' }, 'ba'],
    [{ certificate: 'incomplete' }, 'c'],
    [{ seconds: 10 }, 'ca'],
    [{ loudness: -30 }, 'a'],
    [{ loudness: -60 }, 'ba'],
    [{ node: 'Cellar', seconds: 10 }, ''],
  ])('filtered by %o', (filter, expected) => expect(ids({ ...EVERYTHING, ...filter }, NEWEST_FIRST)).toBe(expected))

  test('a head that is pressed sorts figures down and names up, and again the other way', () => {
    expect(pressedOn('length', NEWEST_FIRST)).toEqual({ by: 'length', down: true })
    expect(pressedOn('length', { by: 'length', down: true })).toEqual({ by: 'length', down: false })
    expect(pressedOn('node', NEWEST_FIRST)).toEqual({ by: 'node', down: false })
  })
})

test.each([
  ['90', 90],
  ['90 s', 90],
  ['15 min', 900],
  ['1 h 30 min', 5400],
  ['1h30m', 5400],
  ['1,5 h', 5400],
  ['2 d', 172_800],
  ['0:02', 2],
  ['1:30:00', 5400],
  [' 12:03 ', 723],
  ['0', undefined],
  ['', undefined],
  ['soon', undefined],
  ['5 parsecs', undefined],
  ['-5', undefined],
  ['1:2:3:4', undefined],
  ['5 min please', undefined],
])('the length "%s" is %s s', (text, seconds) => expect(lengthOf(text)).toBe(seconds))

test('the room for what is chosen counts what is recorded already', () => {
  const format = { rate: 48_000, channels: 2, format: 's32' } as const
  const node = { presence: 'live', format, link: NO_LINK } as NodeView
  const disk = { folder: '/', freeBytes: 384_000 * 100, low: false }
  const state = { nodes: [node, { ...node, take: 'x' }], disk } as unknown as WorkstationState
  expect(roomFor([node], undefined, state)).toEqual({ seconds: 50 })
  expect(roomFor([node], 10, state)).toEqual({ seconds: 50, bytes: 3_840_000 })
  expect(roomFor([], 10, state)).toEqual({})
})

test('lost sound stands where it is in the take, whichever file holds it', () => {
  const gap = { seconds: 1, frames: 48_000, sentence: 'lost' } as const
  const losses = [
    { ...gap, file: 'two.wav', atSeconds: 2, state: 'lost' },
    { ...gap, file: 'one.wav', atSeconds: 2, state: 'repaired' },
    { ...gap, file: 'one.wav', atSeconds: 4, state: 'lost' },
  ] as const
  expect(gapsOf({ ...TAKE, losses }).map(({ atSeconds }) => atSeconds)).toEqual([12, 4])
})

test('one hears what there is', () => {
  expect(heardChoices({ ...TAKE, rms: [-20] })).toEqual(['pair'])
  const four = { ...TAKE, rms: [-20, -20, -20, -20] }
  expect(heardChoices(four).map((heard) => heardWords(heard, four))).toEqual([
    'Channels 1 and 2',
    'Mixed to one',
    'Channel 1',
    'Channel 2',
    'Channel 3',
    'Channel 4',
  ])
})

describe('addresses of files', () => {
  test.each<TakeFileForm>(['recording', 'certificate', { heard: 'pair' }, { heard: 'mix' }, { heard: 63 }])(
    '%o goes there and back',
    (form) => {
      const file = { take: '5f1c2d34-0000-4000-8000-000000000000', file: 12, form }
      expect(takeFileAt(takeFilePath(file))).toEqual(file)
    },
  )
  test.each([
    '/takes/../0.wav',
    '/takes/a/0.mp3',
    '/takes/a/-1.wav',
    '/takes/a/0.channel-0.wav',
    '/takes/a/b/0.wav',
    '/takes/a%2f..%2fb/0.wav',
    '/takes/a/0.wav/',
    '/takes//0.wav',
    'takes/a/0.wav',
  ])('%s is none', (path) => expect(takeFileAt(path)).toBeUndefined())
})

test.each([
  ['bytes=0-', 0, 100],
  ['bytes=10-19', 10, 20],
  ['bytes=90-500', 90, 100],
  ['bytes=-10', 90, 100],
  ['bytes=-500', 0, 100],
])('%s of 100 bytes', (header, from, to) => expect(rangeOf(header, 100)).toEqual({ from, to }))
test.each(['bytes=100-', 'bytes=-0'])('nothing of %s is there', (header) => expect(rangeOf(header, 100)).toBe('none'))
test.each(['bytes=', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b'])(
  '%s asks for the whole',
  (header) => expect(rangeOf(header, 100)).toBeUndefined(),
)

test('the verdict of several files is that of all of them', () => {
  const [whole, bad] = [TAKE.verdict!, SILENT.verdict!]
  expect(verdictOf([])).toBeUndefined()
  expect(verdictOf([bad])).toBe(bad)
  expect(verdictOf([whole, whole])).toEqual({ whole: true, sentence: 'Complete: all 2 files, nothing is missing.' })
  expect(verdictOf([whole, bad])).toEqual({ whole: false, sentence: '1 of 2 files is not complete. Not complete.' })
  expect(verdictOf([bad, whole, bad])?.sentence).toBe('2 of 3 files are not complete. The first: Not complete.')
})
