import { expect, test } from 'vitest'
import { LONG_S, spell } from '#renderer/panels/reset-dialog.tsx'

test('how much sound a reset ends is said in hours and minutes', () => {
  expect([LONG_S, 60, 3599, 3600, 3660, 7320, 360_000].map(spell)).toEqual([
    '10 minutes',
    '1 minute',
    '59 minutes',
    '1 hour',
    '1 hour 1 minute',
    '2 hours 2 minutes',
    '100 hours',
  ])
})
