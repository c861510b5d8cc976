import { describe, expect, it } from 'vitest'
import { type CalibrationFile, parseCalibration } from '#dsp/calibration-file.ts'

function parsed(text: string): CalibrationFile {
  const result = parseCalibration(text)
  if (!result.ok) throw new Error(result.fault.message)
  return result.value
}

function refused(text: string): string {
  const result = parseCalibration(text)
  expect(result.ok).toBe(false)
  if (result.ok) return ''
  expect(result.fault.code).toBe('bad-calibration')
  return result.fault.message
}

const points = (file: CalibrationFile) => [...file.frequency].map((hz, i) => [hz, file.gainDb[i]])
const ROWS = '20 -3.5\n1000 0\n20000 2.25\n'
const WANTED = [
  [20, -3.5],
  [1000, 0],
  [20_000, 2.25],
]

describe('dialects', () => {
  it('UMIK-1, older', () => {
    const file = parsed('"Sens Factor =-0.545dB, SERNO: 7175488"\r\n10.054\t-7.3267\r\n10.179\t-7.1864\r\n')
    expect(file).toMatchObject({ serial: '7175488', sensFactorDb: -0.545 })
    expect(file.analogGainDb).toBeUndefined()
    expect(points(file)).toEqual([
      [10.054, -7.3267],
      [10.179, -7.1864],
    ])
  })

  it('UMIK-1, newer, with a number that starts with a dot, and UMIK-2', () => {
    expect(parsed(`"Sens Factor =-.6383dB, AGain =18dB, SERNO: 7103946"\n${ROWS}`)).toMatchObject({
      serial: '7103946',
      sensFactorDb: -0.6383,
      analogGainDb: 18,
    })
    expect(parsed(`"Sens Factor =-12.07dB, AGain =18dB, SERNO: 8108494"\n${ROWS}`).sensFactorDb).toBe(-12.07)
  })

  it('UMIK-1 at 90 degrees', () => {
    const text = `"Sens Factor =-0.545dB, SERNO: 7175488"\r\n"Auto-generated 90-degree calibration file"\r\n${ROWS}`
    expect(parsed(text).incidence).toBe('90deg')
    expect(parsed(ROWS).incidence).toBeUndefined()
  })

  it('OmniMic with phase', () => {
    const file = parsed('"Sens Factor =-1.2dB, SERNO: 12345"\n20 -3.5 10.1\n1000 0 0\n20000 2.25 -45\n')
    expect(points(file)).toEqual(WANTED)
    expect(file.sensFactorDb).toBe(-1.2)
  })

  it('Dayton', () => {
    const file = parsed('*1000Hz\t-38.5\r\n\t\r\n20.00\t-3.5\r\n1000.00\t0\r\n20000.00\t2.25\r\n')
    expect(file.sensitivityDb).toBe(-38.5)
    expect(points(file)).toEqual(WANTED)
  })

  it.each([
    ['blanks', ROWS],
    ['many blanks, no last line end', '  20   -3.5 \n1000  0\n20000  2.25'],
    ['tabs and CR alone', '20\t-3.5\r1000\t0\r20000\t2.25\r'],
    ['commas', '20,-3.5\n1000,0\n20000,2.25\n'],
    ['commas and blanks', '20, -3.5\n1000, 0\n20000, 2.25\n'],
    ['commas and phase', '20,-3.5,1\n1000,0,2\n20000,2.25,3\n'],
    ['semicolons', '20;-3.5\n1000;0;\n20000;2.25\n'],
    ['semicolons and decimal commas', '20,0;-3,5\n1000,0; 0,0\n20000,0;2,25\n'],
    ['tabs and decimal commas', '20,0\t-3,5\n1000,0\t0\n20000\t2,25\n'],
    ['blanks and decimal commas', '20 -3,5\n1000 0,0 12,5\n20000 2,25\n'],
    ['quotes', '"20","-3.5"\n"1000","0"\n"20000","2.25"\n'],
    ['exponents', '2e1 -3.5E0\n1.0e3 0\n2E+4 +2.25\n'],
    ['a byte order mark', `\uFEFF${ROWS}`],
    ['comments of four kinds', `* a\n# 1 2\n; 3 4\n// 5 6\n${ROWS}`],
    ['a table head', `Freq(Hz) SPL(dB) Phase(degrees)\n${ROWS}`],
    ['a heading with a degree sign in another encoding', `Microphone at 0\uFFFD\n${ROWS}`],
    ['rows out of order', '20000 2.25\n20 -3.5\n1000 0\n'],
    ['an end-of-file mark', `${ROWS}\x1A`],
  ])('%s', (_, text) => {
    expect(points(parsed(text))).toEqual(WANTED)
  })

  it('takes the first sensitivity', () => {
    const text = `"Sens Factor =-1dB, SERNO: 1"\n"Sens Factor =-2dB, SERNO: 2"\n${ROWS}`
    expect(parsed(text)).toMatchObject({ serial: '1', sensFactorDb: -1 })
  })
})

describe('junk is refused in a sentence', () => {
  it.each([
    ['nothing', '', 'empty'],
    ['blank lines', '\n \r\n\t\n', 'empty'],
    ['no rows', 'hello\nworld\n', 'no rows'],
    ['one row', '1000 0\n', 'no rows'],
    ['UTF-16', ROWS.replace(/./gs, '$&\0'), 'UTF-16'],
    ['UTF-16, other end first', ROWS.replace(/./gs, '\0$&'), 'UTF-16'],
    ['UTF-16 with its mark', `\uFFFD\uFFFD${ROWS}`, 'UTF-16'],
    ['a binary file', `RIFF\x01\x02\x00\x03${ROWS}`, 'not a text file'],
    ['a web page', `<!DOCTYPE html><html><body>${ROWS}</body></html>`, 'web page'],
    ['a web page after a mark', `\uFEFF\n<html>\n${ROWS}`, 'web page'],
    ['a huge file', '20 1\n'.repeat(250_000), 'larger than 1 MB'],
    ['NaN for a frequency', `${ROWS}NaN 3\n`, 'Line 4'],
    ['NaN for a gain', `20 nan\n${ROWS}`, 'Line 1 has "nan"'],
    ['infinity', `${ROWS}inf 3\n`, 'Line 4'],
    ['a number too large', `${ROWS}1e999 3\n`, 'Line 4'],
    ['a word for a gain', `${ROWS}30 loud\n`, 'Line 4 has "loud"'],
    ['a missing gain', `20 1\n30\n`, 'Line 2 has a frequency but no gain'],
    ['an empty gain', `20;1\n30;;2\n`, 'Line 2 has ""'],
    ['four columns', `20 1 2 3\n`, 'Line 1 has 4 columns'],
    ['decimal commas between commas', `20,5,-1,3\n`, 'Line 1 has 4 columns'],
    ['a frequency of nought', `0 1\n${ROWS}`, 'Line 1 gives 0 Hz'],
    ['a negative frequency', `-20 1\n${ROWS}`, 'Line 1 gives -20 Hz'],
    ['a column that is not a frequency', `1e6 1\n${ROWS}`, 'Line 1'],
    ['a gain out of this world', `20 41\n${ROWS}`, 'Line 1 gives 41 dB'],
    ['a gain as far down', `20 -40.5\n${ROWS}`, 'Line 1 gives -40.5 dB'],
    ['a frequency given twice', `${ROWS}1000 0.1\n`, 'Lines 2 and 4 both give 1000 Hz'],
  ])('%s', (_, text, wanted) => {
    expect(refused(text)).toContain(wanted)
  })

  it('never throws, whatever the bytes', () => {
    let seed = 1
    const next = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32
    const alphabet = '0123456789.,;-+eE \t\n\r"*#/<>abNSens Factor=dB\0\uFFFD\uFEFF'
    for (let i = 0; i < 5000; i++) {
      const length = Math.floor(next() * 60)
      const text = Array.from({ length }, () => alphabet[Math.floor(next() * alphabet.length)]).join('')
      const result = parseCalibration(text)
      if (result.ok)
        for (const value of [...result.value.frequency, ...result.value.gainDb]) expect(value).toBeTypeOf('number')
      else expect(result.fault.message).not.toMatch(/undefined|NaN (Hz|dB)/)
    }
  })
})
