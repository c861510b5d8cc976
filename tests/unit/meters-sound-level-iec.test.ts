/** The sound level meter on the cases of IEC 61672-1. */
import { describe, expect, it } from 'vitest'
import { burst, RATE, silence, SINE_DB, start } from '../support/sound-level.ts'
import { feed, tone } from '../support/signals.ts'
import { within } from '../support/within.ts'

describe('IEC 61672-1 table 4: 4 kHz tone bursts', () => {
  type Limits = readonly [below: number, above: number]
  interface Row {
    readonly ms: number
    /** Largest F and energy, with their limits; largest S with its own. */
    readonly f: number
    readonly sel: number
    readonly fast: Limits
    readonly s?: number
    readonly slow?: Limits
  }
  const ROWS: readonly Row[] = [
    { ms: 1000, f: 0, sel: 0, fast: [-0.5, 0.5], s: -2, slow: [-0.5, 0.5] },
    { ms: 500, f: -0.1, sel: -3, fast: [-0.5, 0.5], s: -4.1, slow: [-0.5, 0.5] },
    { ms: 200, f: -1, sel: -7, fast: [-0.5, 0.5], s: -7.4, slow: [-0.5, 0.5] },
    { ms: 100, f: -2.6, sel: -10, fast: [-1, 1], s: -10.2, slow: [-1, 1] },
    { ms: 50, f: -4.8, sel: -13, fast: [-1, 1], s: -13.1, slow: [-1, 1] },
    { ms: 20, f: -8.3, sel: -17, fast: [-1, 1], s: -17, slow: [-1.5, 1] },
    { ms: 10, f: -11.1, sel: -20, fast: [-1, 1], s: -20, slow: [-2, 1] },
    { ms: 5, f: -14.1, sel: -23, fast: [-1, 1], s: -23, slow: [-2.5, 1] },
    { ms: 2, f: -18, sel: -27, fast: [-1.5, 1], s: -27, slow: [-3, 1] },
    { ms: 1, f: -21, sel: -30, fast: [-2, 1] },
    { ms: 0.5, f: -24, sel: -33, fast: [-2.5, 1] },
    { ms: 0.25, f: -27, sel: -36, fast: [-3, 1] },
  ]

  it.each(ROWS)('$ms ms', ({ ms, f, sel, fast, s, slow }) => {
    for (const [weighting, steady] of [
      ['A', 0.964],
      ['C', -0.83],
      ['Z', 0],
    ] as const) {
      for (const offset of [0, 0.37]) {
        const { meter, read } = start()
        feed(meter, [silence(1 + offset / 1000)])
        meter.reset()
        // Totals begin with the next whole millisecond.
        feed(meter, [silence(0.001)])
        feed(meter, [burst(4000, ms / 1000)])
        feed(meter, [silence(0.2)])
        const r = read()
        const level = SINE_DB + steady
        const standard = 'IEC 61672-1 table 4'
        const name = (what: string): string => `${what}, ${ms} ms, ${offset} ms off the grid`
        const row = (what: string, wanted: number, [below, above]: Limits, value: number): void =>
          within({ standard, case: name(what), unit: 'dB', wanted, below, above, read: value - level })
        row(`L${weighting}Fmax`, f, fast, r[`L${weighting}Fmax`]!)
        if (s !== undefined && slow) row(`L${weighting}Smax`, s, slow, r[`L${weighting}Smax`]!)
        if (weighting === 'A') row('LAE', sel, fast, r['LAE']!)
        // Far inside the limits: this is what the exact exponential gives.
        if (ms >= 1) {
          expect(Math.abs(r[`L${weighting}Fmax`]! - level - 10 * Math.log10(1 - Math.exp(ms / -125)))).toBeLessThan(
            0.12,
          )
          expect(Math.abs(r[`L${weighting}Smax`]! - level - 10 * Math.log10(1 - Math.exp(ms / -1000)))).toBeLessThan(
            0.12,
          )
        }
      }
    }
  })

  it('averages repeated bursts by their share of the time', () => {
    const { meter, read } = start()
    feed(meter, [silence(1)])
    meter.reset()
    for (let i = 0; i < 20; i++) {
      feed(meter, [burst(4000, 0.02)])
      feed(meter, [silence(0.08)])
    }
    const wanted = 10 * Math.log10(0.2)
    within({
      standard: 'IEC 61672-1 5.9',
      case: 'LAeq of twenty bursts of 20 ms in 2 s',
      unit: 'dB',
      wanted,
      below: -1,
      above: 1,
      read: read()['LAeq']! - SINE_DB - 0.964,
    })
    expect(Math.abs(read()['LAeq']! - SINE_DB - 0.964 - wanted)).toBeLessThan(0.1)
  })
})

describe('IEC 61672-1 table 5: C peak less the steady C level', () => {
  const cycle = (hz: number, cycles: number, sign = 1): Float32Array => {
    const x = tone(RATE, [[cycles / hz, 0]], hz)
    return x.map((v) => sign * v)
  }
  it.each([
    ['one cycle of 31.5 Hz', 31.5, 1, 1, 2.5, 2, -3.004],
    ['one cycle of 500 Hz', 500, 1, 1, 3.5, 1, 0.03],
    ['one cycle of 8 kHz', 8000, 1, 1, 3.4, 2, -3.05],
    ['the positive half of a cycle of 500 Hz', 500, 0.5, 1, 2.4, 1, 0.03],
    ['the negative half of a cycle of 500 Hz', 500, 0.5, -1, 2.4, 1, 0.03],
  ] as const)('%s', (name, hz, cycles, sign, wanted, limit, steady) => {
    const { meter, read } = start()
    feed(meter, [silence(1)])
    feed(meter, [cycle(hz, cycles, sign)])
    feed(meter, [silence(0.5)])
    const value = read()['LCpeakMax']! - (SINE_DB + steady)
    within({
      standard: 'IEC 61672-1 table 5',
      case: name,
      unit: 'dB',
      wanted,
      below: -limit,
      above: limit,
      read: value,
    })
  })
})

describe('time weighting', () => {
  it('falls by 34.7 dB/s with F, 4.3 dB/s with S, 2.9 dB/s with I', () => {
    const { meter, read } = start()
    feed(meter, [burst(4000, 10)])
    feed(meter, [silence(0.1)])
    const first = read()
    feed(meter, [silence(1)])
    const second = read()
    for (const [name, wanted, below, above] of [
      ['LAF', 34.7, -3.7, 3.8],
      ['LAS', 4.3, -0.7, 0.8],
      ['LAI', 2.9, -0.5, 0.5],
    ] as const) {
      const fall = first[name]! - second[name]!
      within({
        standard: 'IEC 61672-1 5.8',
        case: `${name} after a tone`,
        unit: 'dB/s',
        wanted,
        below,
        above,
        read: fall,
      })
    }
  })

  it('reads a steady tone alike with F, S, I and Leq, and with A, C, Z at 1 kHz', () => {
    const { meter, read } = start()
    feed(meter, [tone(RATE, [[12, -20]])])
    meter.reset()
    feed(meter, [tone(RATE, [[1, -20]])])
    const r = read()
    within({
      standard: 'IEC 61672-1 5.8',
      case: 'LAS less LAF, steady 1 kHz',
      unit: 'dB',
      wanted: 0,
      below: -0.1,
      above: 0.1,
      read: r['LAS']! - r['LAF']!,
    })
    for (const name of ['LAF', 'LAS', 'LAI', 'LCF', 'LCS', 'LZF', 'LZS', 'LAeq', 'LCeq', 'LZeq', 'LAE', 'LAeq1s']) {
      expect(Math.abs(r[name]! - (-20 + SINE_DB)), name).toBeLessThan(0.01)
    }
    for (const name of ['LAF', 'LCF', 'LZF', 'LAS']) {
      expect(r[`${name}max`]! - r[`${name}min`]!).toBeLessThan(0.01)
    }
  })

  it('is linear over 120 dB', () => {
    for (let db = 0; db >= -120; db -= 10) {
      const { meter, read } = start()
      feed(meter, [tone(RATE, [[2, db]])])
      meter.reset()
      feed(meter, [tone(RATE, [[1, db]])])
      for (const name of ['LAF', 'LAeq', 'LCeq', 'LZeq']) {
        within({
          standard: 'IEC 61672-1 5.6',
          case: `${name} of 1 kHz at ${db} dB`,
          unit: 'dB',
          wanted: db + SINE_DB,
          below: -0.8,
          above: 0.8,
          read: read()[name]!,
        })
        expect(Math.abs(read()[name]! - db - SINE_DB)).toBeLessThan(0.05)
      }
    }
  })
})
