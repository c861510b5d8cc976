import { describe, expect, it } from 'vitest'
import { type CalibrationFile, parseCalibration } from '#dsp/calibration-file.ts'
import { type Correction, designCorrection } from '#dsp/correction.ts'
import { magnitudeDb } from '#dsp/magnitude.ts'
import { curvesOf } from '#engine/dsp/curves.ts'
import { calibrationFile } from '../support/calibration-file.ts'

const MIC = (hz: number): number => 6 / (1 + (hz / 300) ** 4) - 3 * Math.log2(Math.max(hz, 4000) / 4000)

function parsed(text: string): CalibrationFile {
  const result = parseCalibration(text)
  if (!result.ok) throw new Error(result.fault.message)
  return result.value
}

function designed(file: CalibrationFile, rate: number): Correction {
  const result = designCorrection(file, rate)
  if (!result.ok) throw new Error(result.fault.message)
  return result.value
}

/** By the definition, a sine and a cosine a tap: nothing shared with what is tested. */
function dftDb(taps: ArrayLike<number>, hz: number, rate: number): number {
  let re = 0
  let im = 0
  for (let n = 0; n < taps.length; n++) {
    re += taps[n]! * Math.cos((2 * Math.PI * hz * n) / rate)
    im += taps[n]! * Math.sin((2 * Math.PI * hz * n) / rate)
  }
  return 10 * Math.log10(re * re + im * im)
}

describe('the curves of a calibration', () => {
  it.each([44_100, 48_000, 192_000])(
    'at %i Hz show the filter that is in use, as a DFT of its taps sees it',
    (rate) => {
      const file = parsed(calibrationFile('7', MIC))
      const correction = designed(file, rate)
      const curves = curvesOf(file, correction)
      expect(curves).toMatchObject({ rate, taps: correction.taps.length })
      let worst = 0
      for (let i = 0; i < curves.hz.length; i += 7) {
        const shown = curves.correction[i]!
        if (shown === null) expect(curves.hz[i]).toBeGreaterThan(rate / 2)
        else worst = Math.max(worst, Math.abs(shown - dftDb(correction.taps, curves.hz[i]!, rate)))
      }
      expect(worst).toBeLessThan(0.01)
    },
  )

  it('show the taps and not the wish: another filter, other curves', () => {
    const file = parsed(calibrationFile('7', MIC))
    const correction = designed(file, 48_000)
    const short = { ...correction, taps: correction.taps.slice(0, 64) }
    const at = curvesOf(file, correction).hz.findIndex((hz) => hz >= 30)
    const [whole, cut] = [curvesOf(file, correction), curvesOf(file, short)]
    expect(Math.abs(whole.residual[at]!)).toBeLessThan(0.1)
    expect(Math.abs(cut.residual[at]!)).toBeGreaterThan(0.5)
    expect(Math.abs(cut.correction[at]! - dftDb(short.taps, cut.hz[at]!, 48_000))).toBeLessThan(0.01)
  })

  it('have the rows of the file, as they stand there', () => {
    const file = parsed('20 -4.5\n63 -1.25\n1000 0.3\n8000 1.75\n20000 -2\n')
    const curves = curvesOf(file, designed(file, 48_000))
    expect(curves.rows.map((i) => [curves.hz[i], curves.response[i]])).toEqual([
      [20, -4.5],
      [63, -1.25],
      [1000, 0.3],
      [8000, 1.75],
      [20_000, -2],
    ])
    expect(curves.hz.every((hz, i) => i === 0 || hz > curves.hz[i - 1]!)).toBe(true)
  })

  it('have as residual what remains when 1 kHz is right', () => {
    const file = parsed('20 -34.5\n1000 -30\n20000 -28\n')
    const correction = designed(file, 48_000)
    const { hz, response, correction: filter, residual } = curvesOf(file, correction)
    let worst = 0
    for (let i = 0; i < hz.length; i++) {
      const left = residual[i]!
      expect(left === null).toBe(response[i] === null || filter[i] === null)
      if (left === null) continue
      expect(left).toBeCloseTo(response[i]! + 30 + filter[i]!, 9)
      worst = Math.max(worst, Math.abs(left))
    }
    expect(worst).toBeLessThanOrEqual(correction.residualDb + 0.002)
  })

  it('say where the correction ends: with the file, at 20 Hz and 20 kHz, or at half the rate', () => {
    const ends = (text: string, rate: number): number[] => {
      const file = parsed(text)
      const { from, to } = curvesOf(file, designed(file, rate))
      return [from, to]
    }
    expect(ends('5 -9\n1000 0\n24000 2\n', 48_000)).toEqual([20, 20_000])
    expect(ends('100 -2\n1000 0\n5000 2\n', 48_000)).toEqual([100, 5000])
    expect(ends('20 -2\n1000 0\n20000 2\n', 16_000)).toEqual([20, 8000])
    const file = parsed('100 -2\n1000 0\n5000 2\n')
    const { hz, response, residual } = curvesOf(file, designed(file, 48_000))
    expect(hz.map((f, i) => (f < 100 || f > 5000) === (response[i] === null && residual[i] === null))).not.toContain(
      false,
    )
  })

  it('stay few whatever the file has', () => {
    const text = Array.from({ length: 5000 }, (_, i) => `${20 * 1000 ** (i / 4999)} 1`).join('\n')
    const file = parsed(text)
    const curves = curvesOf(file, designed(file, 48_000))
    expect(curves.rows).toEqual([])
    expect(curves.hz.length).toBeLessThan(300)
  })
})

it('the magnitude of a filter at one frequency is that of the definition', () => {
  expect(magnitudeDb([1], 1000, 48_000)).toBeCloseTo(0, 12)
  expect(magnitudeDb([0.5, 0.5], 12_000, 48_000)).toBeCloseTo(10 * Math.log10(0.5), 9)
  expect(magnitudeDb([1, 1], 24_000, 48_000)).toBeLessThan(-200)
})
