import { describe, expect, it } from 'vitest'
import { type CalibrationFile, parseCalibration } from '#dsp/calibration-file.ts'
import { Convolver, partitionFrames } from '#dsp/convolver.ts'
import { type Correction, designCorrection } from '#dsp/correction.ts'
import { within } from '../support/within.ts'

/** A file as a UMIK-1 has it: 1.2 % steps from 10 Hz, a roll-off to -7 dB in the bass, waves and a rise in the treble. */
function umik(bassDb = -7.3): CalibrationFile {
  const corner = 10 * Math.sqrt(10 ** (-bassDb / 10) - 1)
  let text = '"Sens Factor =-0.545dB, AGain =18dB, SERNO: 7175488"\r\n'
  for (let hz = 10.054; hz < 20_100; hz *= 1.0125) {
    const bass = -10 * Math.log10(1 + (corner / hz) ** 2)
    const treble = hz > 2000 ? 1.5 * Math.sin(3 * Math.log(hz / 2000)) + (3 * Math.max(0, hz - 8000)) / 12_000 : 0
    text += `${hz.toFixed(3)}\t${(bass + treble).toFixed(4)}\r\n`
  }
  return file(text)
}

function file(text: string): CalibrationFile {
  const result = parseCalibration(text)
  if (!result.ok) throw new Error(result.fault.message)
  return result.value
}

function designed(calibration: CalibrationFile, rate: number): Correction {
  const result = designCorrection(calibration, rate)
  if (!result.ok) throw new Error(result.fault.message)
  return result.value
}

/** The file's gain at a frequency, linear over log frequency, found the slow way. */
function fileGain({ frequency, gainDb }: CalibrationFile, hz: number): number {
  const i = frequency.findIndex((f) => f >= hz)
  if (i === 0) return gainDb[0]!
  if (i < 0) return gainDb.at(-1)!
  const t = Math.log(hz / frequency[i - 1]!) / Math.log(frequency[i]! / frequency[i - 1]!)
  return gainDb[i - 1]! * (1 - t) + gainDb[i]! * t
}

/** Response of an impulse response at one frequency, by the definition: independent of any FFT. */
function responseDb(h: Float32Array, hz: number, rate: number): number {
  let re = 0
  let im = 0
  for (let n = 0; n < h.length; n++) {
    re += h[n]! * Math.cos((2 * Math.PI * hz * n) / rate)
    im += h[n]! * Math.sin((2 * Math.PI * hz * n) / rate)
  }
  return 10 * Math.log10(re * re + im * im)
}

describe('correction', () => {
  it.each([16_000, 44_100, 48_000, 96_000, 192_000])(
    'of a microphone 7 dB down in the bass is right to 0.1 dB from 20 Hz to 20 kHz at %i Hz, measured through the convolver',
    (rate) => {
      const calibration = umik()
      expect(calibration.gainDb[0]).toBeLessThan(-7)
      const correction = designed(calibration, rate)
      expect(correction.residualDb).toBeLessThanOrEqual(0.1)
      expect(correction.uncorrectedDb).toBeGreaterThan(3)
      const convolver = new Convolver(correction.taps, 1, partitionFrames(rate))
      const impulse = new Float32Array(correction.taps.length + convolver.latency)
      impulse[0] = 1
      convolver.process([impulse], [impulse], impulse.length)
      const top = Math.min(20_000, rate / 2)
      let worst = 0
      for (let i = 0; i <= 60; i++) {
        const hz = 20 * (top / 20) ** (i / 60)
        const wanted = fileGain(calibration, 1000) - fileGain(calibration, hz)
        worst = Math.max(worst, Math.abs(responseDb(impulse, hz, rate) - wanted))
      }
      within({
        standard: 'Calibration filter',
        case: `microphone 7 dB down in the bass, rate ${rate} Hz, largest error from 20 Hz to 20 kHz`,
        unit: 'dB',
        wanted: 0,
        below: -Infinity,
        above: 0.1,
        read: worst,
        digits: 3,
      })
      expect(worst).toBeLessThanOrEqual(correction.residualDb + 0.002)
    },
  )

  it('is 0 dB at 1 kHz whatever the file adds to every row', () => {
    const correction = designed(file('20 -30\n1000 -25\n20000 -23\n'), 48_000)
    expect(Math.abs(responseDb(correction.taps, 1000, 48_000))).toBeLessThan(0.1)
    expect(Math.abs(responseDb(correction.taps, 20, 48_000) - 5)).toBeLessThan(0.1)
  })

  it('is nothing for a flat file', () => {
    const correction = designed(file('20 -3\n20000 -3\n'), 48_000)
    expect(correction.taps[0]).toBeCloseTo(1, 6)
    expect(correction.uncorrectedDb).toBe(0)
    expect(correction.residualDb).toBeLessThan(1e-5)
  })

  it('holds the ends of a file that covers less', () => {
    const correction = designed(file('100 -6\n1000 0\n5000 4\n'), 48_000)
    expect(Math.abs(responseDb(correction.taps, 30, 48_000) - 6)).toBeLessThan(0.1)
    expect(Math.abs(responseDb(correction.taps, 15_000, 48_000) + 4)).toBeLessThan(0.1)
  })

  it('does not go on boosting below 20 Hz', () => {
    const steep = file('1 -40\n20 -10\n100 0\n20000 0\n')
    const correction = designed(steep, 48_000)
    const at20 = responseDb(correction.taps, 20, 48_000)
    expect(Math.abs(at20 - 10)).toBeLessThan(0.2)
    expect(responseDb(correction.taps, 5, 48_000)).toBeLessThan(at20 + 6.1)
    expect(responseDb(correction.taps, 0, 48_000)).toBeLessThan(at20 + 6.1)
  })

  it('is of minimum phase: its energy comes first', () => {
    const { taps } = designed(umik(), 48_000)
    const energy = (from: number, to: number) => taps.subarray(from, to).reduce((sum, h) => sum + h * h, 0)
    expect(energy(0, 64) / energy(0, taps.length)).toBeGreaterThan(0.99)
  })

  it('takes the shortest filter that is good enough', () => {
    expect(designed(umik(-2), 48_000).taps.length).toBe(4096)
    const notch = file('20 0\n28 0\n30 -12\n32 0\n1000 0\n20000 0\n')
    const correction = designed(notch, 48_000)
    expect(correction.taps.length).toBe(16_384)
    expect(correction.residualDb).toBeLessThan(correction.uncorrectedDb / 2)
  })

  it('refuses a file that no filter can follow', () => {
    let text = ''
    for (let i = 0, hz = 20; hz < 20_000; i++, hz *= 1.003) text += `${hz} ${i % 2 === 0 ? 20 : -20}\n`
    const result = designCorrection(file(text), 48_000)
    expect(result.ok).toBe(false)
    if (!result.ok) {
      expect(result.fault.code).toBe('bad-calibration')
      expect(result.fault.message).toMatch(/too steep or too jagged/)
    }
  })
})
