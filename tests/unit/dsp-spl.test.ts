import { describe, expect, it } from 'vitest'
import { type CalibrationFile, parseCalibration } from '#dsp/calibration-file.ts'
import { estimateSpl, modelOf } from '#dsp/spl.ts'

const ROWS = '\r\n20\t0\r\n1000\t0\r\n20000\t0\r\n'

function file(heading: string): CalibrationFile {
  const parsed = parseCalibration(heading + ROWS)
  if (!parsed.ok) throw new Error(parsed.fault.message)
  return parsed.value
}

function offsets(heading: string, device?: string): Record<string, number> {
  return Object.fromEntries(estimateSpl(file(heading), device).map((e) => [e.convention, e.offsetDb]))
}

function fitting(heading: string, device?: string): string[] {
  return estimateSpl(file(heading), device).flatMap((e) => (e.fits ? [e.convention] : []))
}

const UMIK_1 = '"Sens Factor =-0.837dB, AGain =18dB, SERNO: 7103946"'
const UMIK_2 = '"Sens Factor =-12.07dB, AGain =18dB, SERNO: 8108494"'

describe('sound pressure from a Sens Factor', () => {
  it("is Room EQ Wizard's for a UMIK-1: its dialog says 124.84 dB full scale for -0.837", () => {
    expect(offsets(UMIK_1)['rew']!.toFixed(2)).toBe('124.84')
    expect(fitting(UMIK_1)).toEqual(['rew'])
    // 94 dB SPL reads SensFactor - 30 dBFS.
    expect(-0.837 - 30 + offsets(UMIK_1)['rew']!).toBeCloseTo(94, 9)
  })

  it('has a conflicting reading, 12 dB lower, that is never taken by itself', () => {
    const { rew, nominal } = offsets(UMIK_1)
    expect(rew! - nominal!).toBeCloseTo(12, 9)
    // 94 dB SPL reads SensFactor - 18 dBFS.
    expect(-0.837 - 18 + nominal!).toBeCloseTo(94, 9)
  })

  it('is 94 dB at SensFactor for a UMIK-2', () => {
    expect(offsets(UMIK_2)['direct']).toBeCloseTo(106.07, 9)
    expect(fitting(UMIK_2)).toEqual(['direct'])
  })

  it.each([
    ['older UMIK-1, without gain', '"Sens Factor =-0.545dB, SERNO: 7175488"', ['rew']],
    ['number that begins with a dot', '"Sens Factor =-.6383dB, AGain =18dB, SERNO: 7023270"', ['rew']],
    ['serial with a hyphen', '"Sens Factor =-1.0dB, AGain =18dB, SERNO: 810-8494"', ['direct']],
    ['OmniMic: no serial, no model', '"Sens Factor =-1.2dB"', []],
    ['serial of nobody we know', '"Sens Factor =-1.2dB, SERNO: 4711"', []],
  ])('of a %s fits %j', (_, heading, expected) => {
    expect(offsets(heading)).toHaveProperty('rew')
    expect(fitting(heading)).toEqual(expected)
  })

  it.each(['*1000Hz\t-38.5', '* exported', 'Freq(Hz) SPL(dB)'])('is not known from "%s"', (heading) => {
    expect(estimateSpl(file(heading))).toEqual([])
  })

  it('takes the model from the device before the serial number', () => {
    expect(modelOf(file('"Sens Factor =-1dB, SERNO: 7103946"'), 'UMIK-2: USB Audio')).toBe('umik-2')
    expect(fitting('"Sens Factor =-1dB"', 'Umik-1  Gain: 18dB')).toEqual(['rew'])
    expect(modelOf(file('"Sens Factor =-1dB"'), 'hw:1,0')).toBeUndefined()
  })

  it('allows for another gain of the device than the file was made at', () => {
    expect(offsets(UMIK_1, 'Umik-1  Gain: 18dB')['rew']).toBeCloseTo(124.837, 9)
    // 12 dB less gain: the same sound reads 12 dBFS less.
    expect(offsets(UMIK_1, 'Umik-1  Gain:  6dB')['rew']).toBeCloseTo(136.837, 9)
    // Without AGain in the file nobody knows what the gain should be.
    expect(offsets('"Sens Factor =-0.545dB, SERNO: 7175488"', 'Umik-1  Gain: 6dB')['rew']).toBeCloseTo(124.545, 9)
  })
})
