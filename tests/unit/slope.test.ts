import { expect, test } from 'vitest'
import { slope } from '../../bench/slope.ts'

test('growth by least squares', () => {
  const line = Array.from({ length: 9 }, (_, i) => ({ hours: i / 4, value: 100 + 3 * (i / 4) }))
  expect(slope(line).perHour).toBeCloseTo(3, 9)
  expect(slope(line).error).toBeCloseTo(0, 6)
  // By hand: x 0 1 2 3, y 0 2 1 3: Sxy 4, Sxx 5; residuals -0.3 0.9 -0.9 0.3, their squares 1.8; sqrt(1.8 / 2 / 5).
  const bent = slope([0, 2, 1, 3].map((value, hours) => ({ hours, value })))
  expect(bent.perHour).toBeCloseTo(0.8, 9)
  expect(bent.error).toBeCloseTo(0.424264, 6)
  expect(slope(line.slice(0, 2)).perHour).toBeNaN()
})
