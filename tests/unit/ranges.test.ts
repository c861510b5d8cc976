import { expect, test } from 'vitest'
import { Ranges } from '#engine/backfill/ranges.ts'
import { random } from '../support/signals.ts'

const LENGTH = 200

test('any adding, taking and looking agrees with a list of frames', () => {
  const next = random(4)
  for (let round = 0; round < 100; round++) {
    const ranges = new Ranges(1000)
    const model = new Set<number>()
    for (let step = 0; step < 60; step++) {
      const from = Math.floor(next() * LENGTH)
      const to = from + Math.floor(next() * 30)
      const inside = Array.from({ length: to - from }, (_, i) => from + i).filter((f) => model.has(f))
      expect(frames(ranges.within(BigInt(from), BigInt(to)))).toEqual(inside)
      if (next() < 0.5) {
        ranges.add(BigInt(from), BigInt(to))
        for (let f = from; f < to; f++) model.add(f)
      } else {
        expect(frames(ranges.take(BigInt(from), BigInt(to)))).toEqual(inside)
        for (const f of inside) model.delete(f)
      }
      expect(frames(ranges.items)).toEqual([...model].sort((a, b) => a - b))
      expect(ranges.frames).toBe(model.size)
      // As few as possible: no two touch.
      for (let i = 1; i < ranges.items.length; i++) expect(ranges.items[i]!.from > ranges.items[i - 1]!.to).toBe(true)
    }
  }
})

test('beyond the limit the oldest goes, and is told', () => {
  const ranges = new Ranges(2)
  expect(ranges.add(0n, 10n)).toEqual([])
  expect(ranges.add(20n, 30n)).toEqual([])
  expect(ranges.add(40n, 50n)).toEqual([{ from: 0n, to: 10n }])
  expect(ranges.items).toEqual([
    { from: 20n, to: 30n },
    { from: 40n, to: 50n },
  ])
  expect(ranges.frames).toBe(20)
})

test.each([2n ** 32n, 2n ** 53n, 2n ** 63n])('positions are exact at %s', (middle) => {
  const ranges = new Ranges(10)
  ranges.add(middle - 1n, middle + 2n)
  expect(ranges.take(middle, middle + 1n)).toEqual([{ from: middle, to: middle + 1n }])
  expect(ranges.items).toEqual([
    { from: middle - 1n, to: middle },
    { from: middle + 1n, to: middle + 2n },
  ])
})

function frames(ranges: readonly { readonly from: bigint; readonly to: bigint }[]): number[] {
  return ranges.flatMap(({ from, to }) => Array.from({ length: Number(to - from) }, (_, i) => Number(from) + i))
}
