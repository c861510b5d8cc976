/** The loudness meter on the cases of EBU Tech 3341 and 3342. */
import { describe, expect, it } from 'vitest'
import { loudnessMeter } from '#meters/loudness/meter.ts'
import { record } from '../support/accuracy.ts'
import { first, measure, near, RATE, stereo } from '../support/loudness.ts'
import { feed, read, tone } from '../support/signals.ts'

const STEREO = { rate: RATE, channels: 2 }
const TWENTY = Array.from({ length: 20 }, (_, i) => i)

/** What a case of EBU Tech 3341 reads, as errors against the wanted levels. */
function cases(number: number, what: string, pairs: readonly (readonly [number | undefined, number])[]): void {
  const errors = pairs.map(([value, wanted]) => value! - wanted)
  const text = (error: number): string => (error < 0 ? '' : '+') + error.toFixed(3)
  const [low, high] = [Math.min(...errors), Math.max(...errors)]
  record({
    standard: 'EBU Tech 3341',
    case: `${number}, ${what}`,
    tolerance: '±0.1 LU',
    read: (errors.length === 1 ? text(low) : `${text(low)} to ${text(high)}`) + ' LU',
  })
  for (const [value, wanted] of pairs) near(value, wanted)
}

describe('EBU Tech 3341 v4, table 1', () => {
  it.each([
    [1, -23],
    [2, -33],
  ])('case %i: a steady tone at %f reads the same on M, S and I', (number, level) => {
    const r = measure(stereo([[20, level]]))
    for (const name of ['momentary', 'shortTerm', 'integrated']) cases(number, name, [[r[name], level]])
  })

  it.each([
    [
      3,
      [
        [10, -36],
        [60, -23],
        [10, -36],
      ],
    ],
    [
      4,
      [
        [10, -72],
        [10, -36],
        [60, -23],
        [10, -36],
        [10, -72],
      ],
    ],
    [
      5,
      [
        [20, -26],
        [20.1, -20],
        [20, -26],
      ],
    ],
  ] as const)('case %i: gating leaves I at -23', (number, steps) => {
    cases(number, 'integrated', [[measure(stereo(steps))['integrated'], -23]])
  })

  it('case 6: 5.0 channels with surround weights', () => {
    const at = (db: number) => tone(RATE, [[20, db]])
    cases(6, 'integrated', [[measure([at(-28), at(-28), at(-24), at(-30), at(-30)])['integrated'], -23]])
  })

  it.each([
    [9, 'shortTerm', 3, [1.34, 1.66], 5],
    [12, 'momentary', 1, [0.18, 0.22], 25],
  ] as const)('case %i: %s stays at -23 from %d s on', (number, figure, from, [loud, quiet], times) => {
    const meter = loudnessMeter.create(STEREO)
    const step = [
      [loud, -20],
      [quiet, -30],
    ] as const
    const [x] = stereo(Array.from({ length: times }, () => step).flat()) as [Float32Array]
    const seen: [number | undefined, number][] = []
    for (let at = 0; at < x.length; at += 480) {
      const block = x.subarray(at, at + 480)
      meter.process([block, block], 480)
      if (at + 480 >= from * RATE) seen.push([first(read(meter, loudnessMeter, STEREO))[figure], -23])
    }
    cases(number, figure, seen)
  })

  it.each([
    [10, 'shortTermMax', 3, 0.15],
    [13, 'momentaryMax', 0.4, 0.02],
  ] as const)('case %i: %s of %d s at -23 wherever they begin', (number, figure, length, later) => {
    const seen = TWENTY.map((i): [number | undefined, number] => {
      const sound = stereo([
        [i * later, -200],
        [length, -23],
        [1, -200],
      ])
      return [measure(sound)[figure], -23]
    })
    cases(number, figure, seen)
  })

  it.each([
    [11, 'shortTermPeak', 3, 0.15],
    [14, 'momentaryPeak', 0.4, 0.02],
  ] as const)('case %i: live, each of twenty levels as %s since the last reading', (number, figure, length, later) => {
    const meter = loudnessMeter.create(STEREO)
    const seen = TWENTY.map((i): [number | undefined, number] => {
      const sound = stereo([
        [i * later, -200],
        [length, i - 38],
        [length - i * later, -200],
      ])
      feed(meter, sound)
      return [first(read(meter, loudnessMeter, STEREO))[figure], i - 38]
    })
    cases(number, figure, seen)
  })
})

describe('the ends of the loudness range', () => {
  it('are those of EBU Tech 3342, case 1, and lie as far apart as the range', () => {
    const r = measure(
      stereo([
        [20, -20],
        [20, -30],
      ]),
    )
    near(r['lraHigh'], -20)
    near(r['lraLow'], -30)
    expect(r['lra']).toBeCloseTo(r['lraHigh']! - r['lraLow']!, 5)
  })

  it('are no figures before the first 3 s', () => {
    expect(measure(stereo([[2, -20]]))).toMatchObject({ lra: -Infinity, lraLow: -Infinity, lraHigh: -Infinity })
  })
})
