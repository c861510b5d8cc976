import { describe, expect, it } from 'vitest'
import { type Weighted, WeightedEnergy } from '#dsp/weighted-energy.ts'
import { weightingGoal } from '#dsp/weighting.ts'
import { tone } from '../support/signals.ts'
import { within } from '../support/within.ts'

const STANDARD = 'IEC 61672-1 table 3'

/** Nominal frequency, A, C, and the limits of class 1 (IEC 61672-1:2013, table 3). */
const TABLE_3: readonly (readonly [hz: number, a: number, c: number, above: number, below: number])[] = [
  [10, -70.4, -14.3, 3, -Infinity],
  [12.5, -63.4, -11.2, 2.5, -Infinity],
  [16, -56.7, -8.5, 2, -4],
  [20, -50.5, -6.2, 2, -2],
  [25, -44.7, -4.4, 2, -1.5],
  [31.5, -39.4, -3, 1.5, -1.5],
  [40, -34.6, -2, 1, -1],
  [50, -30.2, -1.3, 1, -1],
  [63, -26.2, -0.8, 1, -1],
  [80, -22.5, -0.5, 1, -1],
  [100, -19.1, -0.3, 1, -1],
  [125, -16.1, -0.2, 1, -1],
  [160, -13.4, -0.1, 1, -1],
  [200, -10.9, 0, 1, -1],
  [250, -8.6, 0, 1, -1],
  [315, -6.6, 0, 1, -1],
  [400, -4.8, 0, 1, -1],
  [500, -3.2, 0, 1, -1],
  [630, -1.9, 0, 1, -1],
  [800, -0.8, 0, 1, -1],
  [1000, 0, 0, 0.7, -0.7],
  [1250, 0.6, 0, 1, -1],
  [1600, 1, -0.1, 1, -1],
  [2000, 1.2, -0.2, 1, -1],
  [2500, 1.3, -0.3, 1, -1],
  [3150, 1.2, -0.5, 1, -1],
  [4000, 1, -0.8, 1, -1],
  [5000, 0.5, -1.3, 1.5, -1.5],
  [6300, -0.1, -2, 1.5, -2],
  [8000, -1.1, -3, 1.5, -2.5],
  [10_000, -2.5, -4.4, 2, -3],
  [12_500, -4.3, -6.2, 2, -5],
  [16_000, -6.6, -8.5, 2.5, -16],
  [20_000, -9.3, -11.2, 3, -Infinity],
]

const exactHz = (nominal: number): number => 1000 * 10 ** (Math.round(10 * Math.log10(nominal / 1000)) / 10)

/** Gain in dB of each weighting for a steady sine, through the running filter: its last second, after two to settle. */
function gains(rate: number, hz: number): { A: number; C: number; Z: number } {
  const filter = new WeightedEnergy(rate, 1)
  // Whole periods, so that the mean square of the sine is known exactly.
  const period = rate / hz
  const measured = Math.round(Math.max(1, Math.floor(rate / 2 / period)) * period)
  const wave = tone(rate, [[(2 * rate + measured) / rate, 0]], hz)
  const out: Weighted = { a: 0, c: 0, z: 0, peakC: 0 }
  filter.process(0, wave, 0, 2 * rate)
  filter.take(0, out)
  filter.process(0, wave, 2 * rate, wave.length)
  filter.take(0, out)
  let own = 0
  for (const x of wave.subarray(2 * rate)) own += x * x
  const db = (energy: number): number => 10 * Math.log10(energy / own)
  return { A: db(out.a), C: db(out.c), Z: db(out.z) }
}

describe('frequency weighting', () => {
  it.each(TABLE_3)('is class 1 at %d Hz', (hz, a, c, above, below) => {
    const read = gains(48_000, exactHz(hz))
    for (const [weighting, wanted] of [
      ['A', a],
      ['C', c],
      ['Z', 0],
    ] as const) {
      within({
        standard: STANDARD,
        case: `${weighting} at ${hz} Hz`,
        unit: 'dB',
        wanted,
        below,
        above,
        read: read[weighting],
      })
    }
  })

  it.each([16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000, 176_400, 192_000])(
    'keeps to the analogue goal within 0.1 dB at %d Hz, to 16 kHz or 0.45 of the rate',
    (rate) => {
      const top = Math.min(16_000, 0.45 * rate)
      for (const hz of [...TABLE_3.map(([nominal]) => nominal), top]) {
        if (hz > top) continue
        const read = gains(rate, hz === top ? top : exactHz(hz))
        for (const weighting of ['A', 'C', 'Z'] as const) {
          const goal = 10 * Math.log10(weightingGoal(weighting, hz === top ? top : exactHz(hz)))
          expect(Math.abs(read[weighting] - goal), `${weighting} at ${hz} Hz`).toBeLessThan(0.1)
        }
      }
    },
  )

  it.each([44_100, 48_000, 96_000])('is class 1 between the rows too, to 20 kHz, at %d Hz', (rate) => {
    for (let hz = 16_500; hz <= 20_000; hz += 500) {
      const read = gains(rate, hz)
      for (const weighting of ['A', 'C', 'Z'] as const) {
        const error = read[weighting] - 10 * Math.log10(weightingGoal(weighting, hz))
        expect(Math.abs(error), `${weighting} at ${hz} Hz`).toBeLessThan(0.5)
      }
    }
  })

  it('has a goal that rounds to the table', () => {
    for (const [hz, a, c] of TABLE_3) {
      expect(10 * Math.log10(weightingGoal('A', exactHz(hz)))).toBeCloseTo(a, 0)
      expect(Math.abs(10 * Math.log10(weightingGoal('A', exactHz(hz))) - a)).toBeLessThan(0.051)
      expect(Math.abs(10 * Math.log10(weightingGoal('C', exactHz(hz))) - c)).toBeLessThan(0.051)
    }
  })

  it('finds the C peak of a tone between samples', () => {
    for (const [hz, tolerance] of [
      [1000, 0.01],
      [4000, 0.05],
      [8000, 0.25],
    ] as const) {
      for (let phase = 0; phase < 12; phase++) {
        const filter = new WeightedEnergy(48_000, 1)
        const wave = Float32Array.from({ length: 48_000 }, (_, i) =>
          Math.sin(2 * Math.PI * ((hz * i) / 48_000 + phase / 144)),
        )
        const out: Weighted = { a: 0, c: 0, z: 0, peakC: 0 }
        filter.process(0, wave, 0, 24_000)
        filter.take(0, out)
        filter.process(0, wave, 24_000, 48_000)
        filter.take(0, out)
        const error = 20 * Math.log10(out.peakC) - 10 * Math.log10(weightingGoal('C', hz))
        expect(Math.abs(error), `${hz} Hz, phase ${phase}`).toBeLessThan(tolerance + 0.02)
      }
    }
  })
})
