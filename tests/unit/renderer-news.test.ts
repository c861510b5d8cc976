import { expect, test } from 'vitest'
import type { DiskView, NodeView, TakeView, WorkstationState } from '#contract/state.ts'
import { isTold, NEWS_KINDS, newsOf, type Wanted } from '#renderer/notifications/news.ts'
import { stopSummary } from '#renderer/takes/words.ts'
import { windowTitle } from '#renderer/window-title.ts'

const node = (key: number, presence: NodeView['presence'], take?: string): NodeView =>
  ({ key, name: `Node ${key}`, presence, ...(take ? { take } : {}) }) as NodeView
const take = (id: string, state: TakeView['state'], name = 'Attic'): TakeView =>
  ({
    id,
    node: 1,
    name,
    state,
    seconds: 61,
    frames: 61,
    gaps: 0,
    missingFrames: 0,
    repairedFrames: 0,
    integrated: -23,
    bytes: 1e6,
    files: ['Attic.wav'],
  }) as unknown as TakeView
const disk = (low: boolean): DiskView => ({ folder: '/takes', freeBytes: 1e9, seconds: 540, low })
const state = (change: Partial<WorkstationState>): WorkstationState =>
  ({ nodes: [], takes: [], ...change }) as unknown as WorkstationState

const ALL: Wanted = { lost: true, finished: true, disk: true }

test('a node that was heard and is lost is news, once', () => {
  const live = state({ nodes: [node(1, 'live')] })
  const lost = state({ nodes: [node(1, 'lost')] })
  expect(newsOf(live, lost)).toEqual([
    { kind: 'lost', title: 'Node 1 is lost', body: 'Nothing is heard from it.', node: 1 },
  ])
  expect(newsOf(lost, lost)).toEqual([])
  expect(newsOf(lost, live), 'that it is back is no news').toEqual([])
  expect(newsOf(state({ nodes: [node(1, 'stalled')] }), lost)).toHaveLength(1)
  expect(newsOf(state({ nodes: [node(1, 'connecting')] }), lost), 'it was never heard').toEqual([])
  expect(newsOf(state({}), lost), 'it was not known').toEqual([])
  expect(newsOf(live, state({ nodes: [node(1, 'disconnected')] })), 'the person did that').toEqual([])
  expect(newsOf(live, state({ nodes: [node(1, 'lost', 'take')] }))[0]!.body).toMatch(/being recorded/)
})

test('many nodes that are lost at once are one piece of news', () => {
  const before = state({ nodes: [node(1, 'live'), node(2, 'live'), node(3, 'live')] })
  const now = state({ nodes: [node(1, 'lost'), node(2, 'live'), node(3, 'lost')] })
  expect(newsOf(before, now)).toEqual([
    { kind: 'lost', title: '2 nodes are lost', body: 'Nothing is heard from Node 1, Node 3.' },
  ])
})

test.each(['recording', 'repairing', 'sealing'] as const)('a take that was %s and is finished is news', (was) => {
  const before = state({ takes: [take('a', was)] })
  expect(newsOf(before, state({ takes: [take('a', 'finished')] }))).toEqual([
    {
      kind: 'finished',
      title: 'A recording finished',
      body: stopSummary([take('a', 'finished')]),
      node: 1,
    },
  ])
  expect(newsOf(before, state({ takes: [take('a', 'failed')] }))[0]!.title).toBe('A recording ended with a fault')
  expect(newsOf(before, before)).toEqual([])
})

test('a take that is not over, or was over before, is no news; several are one', () => {
  const ended = state({ takes: [take('a', 'finished')] })
  expect(newsOf(ended, ended)).toEqual([])
  expect(newsOf(state({}), ended), 'found on the disk').toEqual([])
  expect(newsOf(state({ takes: [take('a', 'recording')] }), state({ takes: [take('a', 'repairing')] }))).toEqual([])
  const two = newsOf(
    state({ takes: [take('a', 'recording'), take('b', 'recording', 'Cellar')] }),
    state({ takes: [take('a', 'finished'), take('b', 'finished', 'Cellar')] }),
  )
  expect(two).toEqual([
    {
      kind: 'finished',
      title: '2 recordings finished',
      body: stopSummary([take('a', 'finished'), take('b', 'finished', 'Cellar')]),
    },
  ])
})

test('a disk is news when it becomes nearly full', () => {
  const roomy = state({ disk: disk(false) })
  const low = state({ disk: disk(true) })
  expect(newsOf(roomy, low)).toEqual([
    { kind: 'disk', title: 'The disk is nearly full', body: 'Room for 9:00 is left in /takes.' },
  ])
  expect(newsOf(low, low)).toEqual([])
  expect(newsOf(low, roomy)).toEqual([])
  expect(newsOf(state({}), low), 'at the first look').toHaveLength(1)
})

test.each(NEWS_KINDS)('%s is told to those who want it and look elsewhere', (kind) => {
  const news = { kind, title: '', body: '' }
  expect(isTold(news, ALL, false)).toBe(true)
  expect(isTold(news, ALL, true), 'they see it').toBe(false)
  expect(isTold(news, { ...ALL, [kind]: false }, false), 'they do not want it').toBe(false)
})

test.each([
  ['Farfield', undefined, true],
  ['Farfield', state({ nodes: [node(1, 'live')] }), true],
  ['● 1 recording – Farfield', state({ takes: [take('a', 'recording'), take('b', 'finished')] }), true],
  ['1 lost – Farfield', state({ nodes: [node(1, 'lost'), node(2, 'live')] }), true],
  [
    '1 lost, ● 2 recording – Farfield',
    state({ nodes: [node(1, 'lost')], takes: [take('a', 'recording'), take('b', 'recording')] }),
    true,
  ],
  ['No connection – Farfield', state({ nodes: [node(1, 'lost')] }), false],
] as const)('the title is "%s"', (title, now, connected) => {
  expect(windowTitle(now, connected)).toBe(title)
})
