import { describe, expect, it } from 'vitest'
import { BandBank, type BankPlan, planBank } from '#dsp/band-bank.ts'
import { OCTAVE, bandPower, octaves, thirdOctaves } from '#dsp/bands.ts'
import { HalfBand } from '#dsp/half-band.ts'
import { BREAKPOINTS, breakpoint, limits } from '../support/band-limits.ts'
import { FullRateBands } from '../support/bands-full-rate.ts'
import { noise, random } from '../support/signals.ts'
import { within } from '../support/within.ts'

const RATE = 48_000
const STANDARD = 'IEC 61260-1 table 1'
const PLAN = planBank(RATE)
const RATES = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 64_000, 88_200, 96_000, 176_400, 192_000, 384_000]
/** A full-scale sine. */
const SINE_DB = 10 * Math.log10(0.5)

/** Mean power of each band over whole blocks from `from` to `to` seconds, dB re a sine of full scale. */
function levels(plan: BankPlan, rate: number, sample: (i: number) => number, from: number, to: number): Float64Array {
  const bank = new BandBank(plan)
  const block = new Float32Array(plan.block)
  const power = new Float64Array(plan.bands.length)
  const sum = new Float64Array(plan.bands.length)
  const [first, end] = [from, to].map((s) => Math.round((s * rate) / plan.block)) as [number, number]
  for (let n = 0; n < end; n++) {
    for (let i = 0; i < plan.block; i++) block[i] = sample(n * plan.block + i)
    bank.process(block, power)
    if (n >= first) for (let b = 0; b < sum.length; b++) sum[b]! += power[b]!
  }
  return sum.map((s) => 10 * Math.log10(s / (end - first)) - SINE_DB)
}

/** Gain of every band for a steady sine through the running bank, dB. It fades in, so that nothing rings from its start. */
function gains(hz: number, plan = PLAN, rate = RATE): Float64Array {
  const fade = 0.4 * rate
  const [from, to] = hz < 300 ? [2.2, 3.2] : [1, 1.3]
  const step = (2 * Math.PI * hz) / rate
  return levels(
    plan,
    rate,
    (i) => Math.sin(step * i) * (i < fade ? 0.5 - 0.5 * Math.cos((Math.PI * i) / fade) : 1),
    from,
    to,
  )
}

describe('frequencies', () => {
  it('are those of the standard', () => {
    const thirds = thirdOctaves(RATE)
    expect(thirds).toHaveLength(31)
    expect(thirds.map(({ nominal }) => nominal)).toEqual([
      20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500,
      3150, 4000, 5000, 6300, 8000, 10_000, 12_500, 16_000, 20_000,
    ])
    for (const { nominal, mid, low, high } of thirds) {
      expect(Math.abs(Math.log10(mid / nominal))).toBeLessThan(0.01)
      expect(high / low).toBeCloseTo(10 ** 0.1, 12)
      expect(Math.log10(mid / 1000) * 10).toBeCloseTo(Math.round(Math.log10(mid / 1000) * 10), 9)
    }
    expect(octaves(RATE).map(({ nominal }) => nominal)).toEqual([
      31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000,
    ])
    expect([1 / 8, 1 / 4, 3 / 8, 1 / 2, 1, 2, 3, 4].map((x) => breakpoint(x, 3).toFixed(5))).toEqual([
      '1.02667',
      '1.05575',
      '1.08746',
      '1.12202',
      '1.29437',
      '1.88173',
      '3.05365',
      '5.39195',
    ])
  })

  it('leave out what the rate does not reach', () => {
    const top = (rate: number): number => thirdOctaves(rate).at(-1)!.nominal
    expect([8000, 16_000, 22_050, 32_000, 44_100, 48_000, 192_000].map(top)).toEqual([
      3150, 6300, 8000, 12_500, 16_000, 20_000, 20_000,
    ])
    expect(octaves(16_000).at(-1)!.nominal).toBe(4000)
    expect(octaves(44_100).at(-1)!.nominal).toBe(8000)
  })
})

describe('running bank at 48 kHz', () => {
  it.each(PLAN.bands.map(({ nominal, mid }, band) => [nominal, mid, band] as const))(
    'keeps every band within class 1 at the breakpoints of %d Hz',
    (nominal, mid, own) => {
      for (const [x, least, most] of BREAKPOINTS) {
        for (const upper of x === 0 ? [true] : [true, false]) {
          // The band edge is a step of the limits: just inside and just outside of it.
          const inside = x === 0.5 ? (least < 0 ? 1 - 1e-6 : 1 + 1e-6) : 1
          const omega = 1 + (breakpoint(x, 3) - 1) * inside
          const hz = upper ? mid * omega : mid / omega
          // Far below the first band a sine needs longer to settle than it says anything.
          if (hz >= RATE / 2 || hz < 5) continue
          const gain = gains(hz)
          within({
            standard: STANDARD,
            case: `${nominal} Hz, attenuation at ${hz.toPrecision(5)} Hz`,
            unit: 'dB',
            wanted: 0,
            below: least,
            above: most,
            read: -gain[own]!,
          })
          for (let band = 0; band < gain.length; band++) {
            const { mid: other, nominal: name } = PLAN.bands[band]!
            if (band === own) continue
            const limit = limits(hz / other, 3)
            const what = `${hz} Hz in the band of ${name} Hz`
            expect(-gain[band]!, what).toBeGreaterThan(limit.least)
            expect(-gain[band]!, what).toBeLessThan(limit.most + 1e-3)
          }
        }
      }
    },
  )

  it('lets nothing alias into the low bands', () => {
    for (const stage of [0, 1, 2, 3, 4]) {
      const nyquist = RATE / 2 ** (stage + 1)
      for (let k = 1; k <= 16; k++) {
        const hz = nyquist * (0.5 + k / 32) * 0.9999
        const gain = gains(hz)
        for (let band = 0; band < gain.length; band++) {
          const { mid, nominal } = PLAN.bands[band]!
          const { least } = limits(hz / mid, 3)
          if (least > 1.2) expect(-gain[band]!, `${hz} Hz in the band of ${nominal} Hz`).toBeGreaterThan(least)
        }
      }
    }
  })

  it('sums to the whole between bands and meets class 1 with octaves made of thirds', () => {
    const whole = octaves(RATE)
    for (let k = 0; k < 60; k++) {
      const hz = 22.4 * (20_000 / 22.4) ** (k / 59)
      const power = gains(hz).map((db) => 10 ** (db / 10))
      const sum = 10 * Math.log10(power.reduce((a, b) => a + b, 0))
      if (hz < 19_500) {
        within({
          standard: 'IEC 61260-1 5.16',
          case: `sum of bands at ${hz.toPrecision(4)} Hz`,
          unit: 'dB',
          wanted: 0,
          below: -1.8,
          above: 0.8,
          read: sum,
        })
      }
      whole.forEach(({ mid, nominal }, i) => {
        const attenuation = -10 * Math.log10(power[3 * i + 1]! + power[3 * i + 2]! + power[3 * i + 3]!)
        const { least, most } = limits(hz / mid, 1)
        expect(attenuation, `${hz} Hz in the octave of ${nominal} Hz`).toBeGreaterThan(least)
        expect(attenuation, `${hz} Hz in the octave of ${nominal} Hz`).toBeLessThan(most)
      })
    }
  })

  it('gives a swept sine its level in every band', () => {
    // 10 Hz to 24 kHz, a decade in 4 s, at a steady pace in log frequency.
    const [start, decade] = [10, 4]
    const k = Math.LN10 / decade
    const seconds = decade * Math.log10(24_000 / start)
    const power = new Float64Array(PLAN.bands.length)
    const sum = new Float64Array(PLAN.bands.length)
    const bank = new BandBank(PLAN)
    const block = new Float32Array(PLAN.block)
    for (let n = 0; n < ((seconds + 1) * RATE) / PLAN.block; n++) {
      for (let i = 0; i < PLAN.block; i++) {
        const t = (n * PLAN.block + i) / RATE
        block[i] = t < seconds ? Math.sin(((2 * Math.PI * start) / k) * Math.expm1(k * t)) : 0
      }
      bank.process(block, power)
      for (let b = 0; b < sum.length; b++) sum[b]! += power[b]! * (PLAN.block / RATE)
    }
    PLAN.bands.forEach(({ nominal }, b) => {
      const wanted = 0.5 * decade * Math.log10(OCTAVE ** (1 / 3))
      within({
        standard: 'IEC 61260-1 5.14',
        case: `swept sine in the band of ${nominal} Hz`,
        unit: 'dB',
        wanted: 0,
        below: -0.4,
        above: 0.4,
        read: 10 * Math.log10(sum[b]! / wanted),
      })
    })
  })

  it('is linear over 120 dB', () => {
    for (let db = 0; db >= -120; db -= 20) {
      const amplitude = 10 ** (db / 20)
      for (const band of [3, 17, 28]) {
        const { mid, nominal } = PLAN.bands[band]!
        const read = levels(PLAN, RATE, (i) => amplitude * Math.sin((2 * Math.PI * mid * i) / RATE), 2, 4)[band]!
        within({
          standard: 'IEC 61260-1 5.13',
          case: `${db} dB at ${nominal} Hz`,
          unit: 'dB',
          wanted: db,
          below: db >= -40 ? -0.5 : -0.7,
          above: db >= -40 ? 0.5 : 0.7,
          read,
        })
        expect(Math.abs(read - db)).toBeLessThan(0.02)
      }
    }
  })

  it('reads noise as the plain bank at the full rate does', () => {
    const x = noise(16 * RATE, 7)
    const plain = new FullRateBands(RATE)
    plain.process(x)
    const bank = new BandBank(PLAN)
    const power = new Float64Array(31)
    const sum = new Float64Array(31)
    for (let at = 0; at < x.length; at += PLAN.block) {
      bank.process(x.subarray(at, at + PLAN.block), power)
      for (let b = 0; b < 31; b++) sum[b]! += power[b]! * PLAN.block
    }
    for (let b = 0; b < 31; b++) {
      expect(Math.abs(10 * Math.log10(sum[b]! / plain.energy[b]!)), `${PLAN.bands[b]!.nominal} Hz`).toBeLessThan(0.06)
    }
  })
})

describe('design at any rate', () => {
  it.each(RATES)('is class 1 with the right effective bandwidth at %d Hz', (rate) => {
    const plan = planBank(rate)
    plan.bands.forEach((band, b) => {
      const own = rate / 2 ** plan.stages.findIndex(({ first, end }) => b >= first && b < end)
      const attenuation = (hz: number): number => -10 * Math.log10(bandPower(plan.filters[b]!, hz, own))
      for (const sign of [1, -1]) {
        for (let k = 1; k < 400; k++) {
          const hz = band.mid * OCTAVE ** ((sign * k) / 120)
          if (hz >= own / 2) break
          const { least, most } = limits(hz / band.mid, 3)
          expect(attenuation(hz), `${hz} Hz in the band of ${band.nominal} Hz`).toBeGreaterThan(least)
          expect(attenuation(hz), `${hz} Hz in the band of ${band.nominal} Hz`).toBeLessThan(most)
        }
      }
      expect(Math.abs(attenuation(band.mid))).toBeLessThan(0.01)
      let width = 0
      const step = 1e-3
      for (let u = -1.5; u < 1.5; u += step) {
        const hz = band.mid * Math.exp(u)
        if (hz < own / 2) width += bandPower(plan.filters[b]!, hz, own) * step
      }
      within({
        standard: 'IEC 61260-1 5.12',
        case: `effective bandwidth of ${band.nominal} Hz at a rate of ${rate} Hz`,
        unit: 'dB',
        wanted: 0,
        below: -0.4,
        above: 0.4,
        read: 10 * Math.log10(width / Math.log(OCTAVE ** (1 / 3))),
      })
    })
  })

  it.each([16_000, 44_100, 96_000])('holds in the running bank at %d Hz', (rate) => {
    const plan = planBank(rate)
    for (let b = 0; b < plan.bands.length; b += 3) {
      const { mid } = plan.bands[b]!
      const gain = gains(mid, plan, rate)
      expect(Math.abs(gain[b]!)).toBeLessThan(0.05)
      plan.bands.forEach((other, i) => {
        const { least } = limits(mid / other.mid, 3)
        if (i !== b) expect(-gain[i]!, `${mid} Hz in the band of ${other.nominal} Hz`).toBeGreaterThan(least)
      })
    }
  })
})

describe('half-band filter', () => {
  it('is flat where it says and 94 dB down where that folds from', () => {
    const gain = (share: number): number => {
      const half = new HalfBand(2)
      const samples = new Float64Array(2)
      let most = 0
      for (let i = 0; i < 2000; i += 2) {
        samples[0] = Math.cos(2 * Math.PI * share * i)
        samples[1] = Math.cos(2 * Math.PI * share * (i + 1))
        half.process(samples, 2)
        if (i > 40) most = Math.max(most, Math.abs(samples[0]))
      }
      return 20 * Math.log10(most)
    }
    for (let share = 0.003; share < 0.117; share += 0.00371) expect(Math.abs(gain(share))).toBeLessThan(0.01)
    for (let share = 0.3828; share < 0.5; share += 0.00371) expect(gain(share)).toBeLessThan(-94)
  })
})

describe('samples that are not finite', () => {
  it('cost their block and no more', () => {
    const bank = new BandBank(PLAN)
    const power = new Float64Array(31)
    const next = random(3)
    const block = Float32Array.from({ length: PLAN.block }, () => next() - 0.5)
    expect(bank.process(block, power)).toBe(true)
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const spoilt = block.slice()
      spoilt[17] = bad
      expect(bank.process(spoilt, power)).toBe(false)
      expect(bank.process(block, power)).toBe(true)
      expect([...power].every(Number.isFinite)).toBe(true)
    }
  })
})
