import { describe, expect, test } from 'vitest'
import { formatLevel, formatSigned } from '#meters/draw/format.ts'
import { inUnit, place, SCALE, SCALES, TARGET_LUFS } from '#meters/loudness/scale.ts'

describe('EBU scales', () => {
  test.each([
    ['EBU +9', -41, -14],
    ['EBU +18', -59, -5],
  ] as const)('%s reaches from %d to %d LUFS, and stops there', (name, lowest, highest) => {
    const scale = SCALE[name]
    expect([place(scale, lowest), place(scale, highest)]).toEqual([0, 1])
    expect([-Infinity, lowest - 1].map((lufs) => place(scale, lufs))).toEqual([0, 0])
    expect(place(scale, highest + 1)).toBe(1)
    expect(scale.marks[0]).toBe(lowest - TARGET_LUFS)
    expect(scale.marks.at(-1)).toBe(highest - TARGET_LUFS)
  })

  test('have the target in the same place, at two thirds', () => {
    for (const name of SCALES) expect(place(SCALE[name], TARGET_LUFS)).toBeCloseTo(2 / 3, 12)
  })

  test('read the target as 0 LU, and silence as silence in either unit', () => {
    expect([inUnit('LU', -23), inUnit('LUFS', -23)]).toEqual([0, -23])
    expect([inUnit('LU', -Infinity), inUnit('LUFS', -Infinity)]).toEqual([-Infinity, -Infinity])
  })
})

test('what has a sign shows it, and a zero has none', () => {
  expect([3.04, -3.04, 0, 0.04, -0.04, -Infinity, undefined, Number.NaN].map((v) => formatSigned(v))).toEqual([
    '+3.0',
    '−3.0',
    '0.0',
    '0.0',
    '0.0',
    '−∞',
    '–',
    '–',
  ])
  expect(formatSigned(0.004, 2)).toBe(formatLevel(0, 2))
})
