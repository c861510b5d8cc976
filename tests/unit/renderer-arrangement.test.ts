import { describe, expect, test } from 'vitest'
import {
  add,
  COLUMNS,
  fresh,
  MOST_ROWS,
  move,
  nearest,
  placesOf,
  readArrangement,
  remove,
  resize,
  same,
  type Arrangement,
  type Limits,
  type PlacedPanel,
} from '#renderer/panels/arrangement.ts'
import { placeWords, sizeWords } from '#renderer/panels/words.ts'

const limits = (id: string): Limits => ({ id, size: { columns: 12, rows: 4 }, least: { columns: 8, rows: 3 } })
const KNOWN = ['a', 'b', 'c', 'd'].map(limits)
const panel = (id: string, columns = 12, rows = 4): PlacedPanel => ({ id, columns, rows })
const ABC: Arrangement = [panel('a'), panel('b'), panel('c')]
const ids = (panels: Arrangement): string => panels.map(({ id }) => id).join('')

describe('where panels stand', () => {
  const corners = (sizes: readonly [columns: number, rows: number][]): [number, number][] =>
    placesOf(sizes.map(([columns, rows]) => ({ columns, rows }))).map(({ column, row }) => [column, row])

  test('from left to right, then down', () => {
    expect(
      corners([
        [12, 4],
        [12, 4],
        [24, 2],
      ]),
    ).toEqual([
      [0, 0],
      [12, 0],
      [0, 4],
    ])
  })

  test('beside a high one the next ones go below each other', () => {
    expect(
      corners([
        [12, 6],
        [12, 3],
        [12, 3],
        [24, 1],
      ]),
    ).toEqual([
      [0, 0],
      [12, 0],
      [12, 3],
      [0, 6],
    ])
  })

  test('what does not fit beside goes below, and nothing later goes above it', () => {
    expect(
      corners([
        [13, 4],
        [12, 3],
        [8, 3],
      ]),
    ).toEqual([
      [0, 0],
      [0, 4],
      [12, 4],
    ])
  })

  test('whatever the sizes, nothing lies over anything else or sticks out', () => {
    let seed = 7
    const random = (low: number, high: number): number => {
      seed = (seed * 16_807) % 2_147_483_647
      return low + (seed % (high - low + 1))
    }
    for (let round = 0; round < 200; round++) {
      const places = placesOf(
        Array.from({ length: random(1, 14) }, () => ({ columns: random(1, COLUMNS), rows: random(1, 9) })),
      )
      const taken = new Set<string>()
      let last = 0
      for (const { column, row, columns, rows } of places) {
        expect(column + columns).toBeLessThanOrEqual(COLUMNS)
        expect(row, 'in the order of reading').toBeGreaterThanOrEqual(last)
        last = row
        for (let x = column; x < column + columns; x++)
          for (let y = row; y < row + rows; y++) {
            expect(taken.has(`${x} ${y}`)).toBe(false)
            taken.add(`${x} ${y}`)
          }
      }
    }
  })
})

describe('moving', () => {
  test('before another one, and to the end', () => {
    expect(ids(move(ABC, 'c', 'a'))).toBe('cab')
    expect(ids(move(ABC, 'a', 'c'))).toBe('bac')
    expect(ids(move(ABC, 'a', undefined))).toBe('bca')
  })

  test('to where it is, or of what is not there, changes nothing', () => {
    for (const [id, before] of [
      ['a', 'b'],
      ['a', 'a'],
      ['c', undefined],
      ['x', 'a'],
    ] as const)
      expect(move(ABC, id, before)).toBe(ABC)
  })
})

describe('sizes', () => {
  test('stay between what the panel needs and what the grid has', () => {
    const sized = (columns: number, rows: number): PlacedPanel => resize(ABC, limits('b'), { columns, rows })[1]!
    expect(sized(16, 5)).toEqual(panel('b', 16, 5))
    expect(sized(1, 1)).toEqual(panel('b', 8, 3))
    expect(sized(99, 99)).toEqual(panel('b', COLUMNS, MOST_ROWS))
  })

  test('that are the same change nothing', () => {
    expect(resize(ABC, limits('b'), { columns: 12, rows: 4 })).toBe(ABC)
    const least = [panel('a', 8, 3)]
    expect(resize(least, limits('a'), { columns: 7, rows: 2 })).toBe(least)
    expect(resize(ABC, limits('x'), { columns: 20, rows: 5 })).toBe(ABC)
  })
})

test('a panel is added once, at the end or where it was, and removed', () => {
  expect(ids(add(ABC, panel('d')))).toBe('abcd')
  expect(ids(add(ABC, panel('d'), 1))).toBe('adbc')
  expect(add(ABC, panel('b'))).toBe(ABC)
  expect(ids(remove(ABC, 'b'))).toBe('ac')
  expect(remove(ABC, 'x')).toBe(ABC)
  expect(fresh(limits('a'))).toEqual(panel('a'))
})

test('arrangements are the same when order and sizes are', () => {
  expect(same(ABC, [...ABC])).toBe(true)
  expect(same(ABC, move(ABC, 'a', undefined))).toBe(false)
  expect(same(ABC, ABC.slice(1))).toBe(false)
  expect(same(ABC, resize(ABC, limits('a'), { columns: 12, rows: 5 }))).toBe(false)
})

describe('the place nearest to the hand', () => {
  // Two beside each other, one below.
  const panels = [panel('a'), panel('b'), panel('c', 24)]
  test.each([
    ['where it is', 'a', 0, 0, 'b'],
    ['a bit off', 'a', 3, 0.5, 'b'],
    ['over its neighbour', 'a', 11, 0, 'c'],
    ['below everything', 'a', 0, 7, undefined],
    ['to the very top', 'c', 0, -1, 'a'],
    ['far away', 'b', 900, 900, undefined],
  ])('%s', (_, id, column, row, before) => {
    expect(nearest(panels, id, { column, row }, 1.5)).toBe(before)
  })
})

describe('what was kept', () => {
  test('is read as it is', () => {
    expect(readArrangement(JSON.parse(JSON.stringify(ABC)), KNOWN)).toEqual(ABC)
    expect(readArrangement([], KNOWN)).toEqual([])
  })

  test('loses what is unknown or twice, and a size that cannot be is the usual one', () => {
    const kept = [
      { id: 'gone', columns: 8, rows: 3 },
      { id: 'a', columns: 'wide', rows: 3 },
      { id: 'a', columns: 9, rows: 3 },
      { id: 'b', columns: 2, rows: 90 },
      { id: 'c', columns: -8, rows: Number.NaN },
      { id: 'd', columns: 9.5, rows: 3 },
      null,
      'a',
      7,
    ]
    expect(readArrangement(kept, KNOWN)).toEqual([panel('a'), panel('b', 8, MOST_ROWS), panel('c'), panel('d')])
  })

  test.each([undefined, null, 'abc', 5, {}, { length: 3 }])('%j is no arrangement', (value) => {
    expect(readArrangement(value, KNOWN)).toBeUndefined()
  })
})

test('words for those who hear the screen', () => {
  expect(placeWords('Spectrum', 2, 6)).toBe('Spectrum is now third of six.')
  expect(placeWords('Spectrum', 12, 14)).toBe('Spectrum is now 13th of 14.')
  expect(sizeWords('Spectrum', { columns: 12, rows: 4 })).toBe('Spectrum is now 12 of 24 columns wide and 4 rows high.')
})
