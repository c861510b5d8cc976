import { describe, expect, it } from 'vitest'
import { GatedLoudness } from '#dsp/gated-loudness.ts'
import { HOPS_PER_SECOND, Hops } from '#dsp/hops.ts'
import { kCoefficients } from '#dsp/k-weighting.ts'
import { loudness } from '#dsp/loudness-histogram.ts'
import { SlidingMean } from '#dsp/sliding-mean.ts'
import { record } from '../support/accuracy.ts'
import { random } from '../support/signals.ts'

/** The gate of BS.1770-5 as written, over stored blocks. */
function exactIntegrated(blocks: readonly number[]): number {
  const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length
  const absolute = blocks.filter((z) => loudness(z) > -70)
  const threshold = loudness(mean(absolute)) - 10
  return loudness(mean(absolute.filter((z) => loudness(z) > threshold)))
}

const powerOf = (lufs: number) => 10 ** ((lufs + 0.691) / 10)

describe('K-weighting', () => {
  it("gives back the standard's coefficients at 48 kHz", () => {
    const { shelf, highPass } = kCoefficients(48_000)
    const got = [shelf.b0, shelf.b1, shelf.b2, shelf.a1, shelf.a2, highPass.a1, highPass.a2]
    const wanted = [
      1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585, -1.99004745483398,
      0.99007225036621,
    ]
    record({
      standard: 'ITU-R BS.1770-5',
      case: 'coefficients of the K-weighting at 48 kHz',
      tolerance: '±0.000000000001',
      read: `${Math.max(...got.map((value, i) => Math.abs(value - wanted[i]!))).toFixed(12)} off at most`,
    })
    got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i]!, 12))
  })
})

describe('gated loudness', () => {
  it('is within 0.005 LU of the exact method over hours of programmes of every kind', () => {
    for (let seed = 0; seed < 40; seed++) {
      const next = random(seed)
      const centre = -60 + 50 * next()
      const spread = 1 + 25 * next()
      const fine = seed % 4 === 0
      const blocks: number[] = []
      let level = centre
      for (let i = 0; i < 4 * 36_000; i++) {
        if (next() < 0.02) level = centre + spread * (next() + next() - 1)
        blocks.push(powerOf(level + (fine ? 0.001 : 1) * (next() - 0.5)))
      }
      const gate = new GatedLoudness()
      for (const block of blocks) gate.add(block)
      expect(Math.abs(gate.integrated - exactIntegrated(blocks))).toBeLessThan(0.005)
    }
  })

  it('is exact for two steady levels on either side of the relative gate', () => {
    for (const [loud, quiet] of [
      [-20, -29.5],
      [-20, -40],
      [-20, -32.3],
      [-20, -69.9],
      [-20, -71],
    ] as const) {
      const blocks = [...Array(500).fill(powerOf(loud)), ...Array(500).fill(powerOf(quiet))]
      const gate = new GatedLoudness()
      for (const block of blocks) gate.add(block)
      expect(gate.integrated).toBeCloseTo(exactIntegrated(blocks), 9)
    }
  })

  it('takes levels beyond its histogram', () => {
    const gate = new GatedLoudness()
    gate.add(powerOf(60))
    expect(gate.integrated).toBeCloseTo(60, 9)
    gate.reset()
    expect(gate.integrated).toBe(-Infinity)
    gate.add(Number.NaN)
    gate.add(0)
    expect(gate.integrated).toBe(-Infinity)
  })
})

describe('hops', () => {
  it.each([8000, 11_025, 22_050, 44_100, 48_000, 44_099])(
    'end at the same frames at %i Hz however it moves',
    (rate) => {
      const next = random(rate)
      const hops = new Hops(rate)
      let position = 0
      for (let k = 0; k < 500;) {
        const n = Math.min(hops.left, 1 + Math.floor(next() * 300))
        position += n
        if (!hops.advance(n)) continue
        k++
        expect(position).toBe(Math.floor((k * rate) / HOPS_PER_SECOND))
      }
    },
  )

  it('shortens a gap by whole seconds only', () => {
    const hops = new Hops(44_100)
    expect(hops.shorten(100, 3)).toBe(100)
    const short = hops.shorten(44_100 * 1e6 + 17, 3)
    expect(short % 44_100).toBe(17)
    expect(short).toBeGreaterThanOrEqual(3 * 44_100)
    expect(short).toBeLessThan(4 * 44_100)
  })
})

describe('sliding mean', () => {
  it('is the mean of the last hops, and exactly 0 after loud sound has left', () => {
    const next = random(7)
    const mean = new SlidingMean(30, 30 * 480)
    const all: number[] = []
    for (let i = 0; i < 1000; i++) {
      const energy = next() * 1e6
      all.push(energy)
      mean.push(energy, 480, 0)
      const last = all.slice(-30)
      if (i < 14) expect(mean.mean).toBe(0)
      else expect(mean.mean / (last.reduce((a, b) => a + b, 0) / last.length / 480)).toBeCloseTo(1, 12)
      expect(mean.whole).toBe(i >= 29)
    }
    for (let i = 0; i < 30; i++) mean.push(0, 480, 0)
    expect(mean.mean).toBe(0)
  })
})
