/**
 * Microphone calibration files: the response of a microphone, as miniDSP (UMIK-1, UMIK-2), Dayton (iMM-6, EMM-6),
 * OmniMic and REW write it. No dialect has a specification; this reads what the files in use have in common.
 *
 * A row is a frequency in Hz, a gain in dB and perhaps a phase, parted by blanks, tabs, commas or semicolons. Lines that do
 * not begin with a number are headings or comments. What is half right is refused with the number of its line, because a
 * row read wrongly makes every figure after it wrong.
 */
import { type Result, fail, ok } from '#shared/result.ts'

export interface CalibrationFile {
  /** Hz, strictly ascending, at least two. */
  readonly frequency: Float64Array
  /** Response of the microphone at these, dB, as written: the correction is its negative. */
  readonly gainDb: Float64Array
  readonly serial?: string
  /** `Sens Factor`, dB. What it refers to depends on the model. */
  readonly sensFactorDb?: number
  /** `AGain`: the analogue gain at which the sensitivity holds, dB. */
  readonly analogGainDb?: number
  /** Dayton's `*1000Hz` line: sensitivity at 1 kHz, dB re 1 V/Pa. */
  readonly sensitivityDb?: number
  /** For sound from the side (microphone pointed up), said by the file; absent where the file says nothing. */
  readonly incidence?: '90deg'
}

/** A file of 1 MB would have 50,000 rows; real ones have 20 to 700. */
const MAX_CHARACTERS = 1_000_000
const MAX_GAIN_DB = 40
/** Above any sample rate: a larger "frequency" is another kind of column. */
const MAX_FREQUENCY = 500_000

const NUMBER = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[+-]?\d+)?$/i
const NOT_A_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i

interface Row {
  readonly line: number
  readonly frequency: number
  readonly gainDb: number
}

/** `text` is the whole file, decoded as UTF-8. Fault `bad-calibration` names the line and what to do. */
export function parseCalibration(text: string): Result<CalibrationFile> {
  const junk = findJunk(text)
  if (junk) return refuse(junk)
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  const rows: Row[] = []
  for (const [i, line] of lines.entries()) {
    const row = parseRow(line, i + 1)
    if (!row.ok) return row
    if (row.value) rows.push(row.value)
  }
  if (rows.length < 2) {
    return refuse('It has no rows of frequency and gain. Give the file that came with the microphone.')
  }
  rows.sort((a, b) => a.frequency - b.frequency)
  for (let i = 1; i < rows.length; i++) {
    const [a, b] = [rows[i - 1]!, rows[i]!]
    if (a.frequency === b.frequency) {
      return refuse(`Lines ${a.line} and ${b.line} both give ${a.frequency} Hz. Remove one of them.`)
    }
  }
  return ok({
    frequency: Float64Array.from(rows, (row) => row.frequency),
    gainDb: Float64Array.from(rows, (row) => row.gainDb),
    ...parseHeadings(lines),
  })
}

function refuse(message: string): ReturnType<typeof fail> {
  return fail('bad-calibration', `The calibration file cannot be used. ${message}`)
}

function findJunk(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return 'It is larger than 1 MB, which no calibration file is.'
  if (text.trim() === '') return 'It is empty.'
  if (text.startsWith('\uFFFD\uFFFD') || text.startsWith('\uFFFE') || /^[^\0]\0|^\0[^\0]/.test(text)) {
    return 'It is encoded as UTF-16. Save it as plain text (UTF-8) and load it again.'
  }
  // oxlint-disable-next-line no-control-regex -- these are what a binary file is known by
  if (/[\0-\x08\x0E-\x19\x1B-\x1F]/.test(text)) return 'It is not a text file.'
  if (/^\s*<|<html|<!doctype/i.test(text.slice(0, 2000))) {
    return 'It is a web page. The download probably failed: fetch the file again with the serial number of the microphone.'
  }
  return undefined
}

function parseRow(line: string, number: number): Result<Row | undefined> {
  const fields = splitFields(line)
  const first = fields[0]
  if (first === undefined) return ok(undefined)
  if (NOT_A_NUMBER.test(first)) return refuse(`Line ${number} gives "${first}" for a frequency.`)
  if (!NUMBER.test(first)) return ok(undefined)
  const wrong = fields.find((field) => !NUMBER.test(field))
  if (wrong !== undefined) return refuse(`Line ${number} has "${wrong.slice(0, 40)}" where a number belongs.`)
  if (fields.length < 2) return refuse(`Line ${number} has a frequency but no gain.`)
  if (fields.length > 3) return refuse(`Line ${number} has ${fields.length} columns; two or three are known.`)
  const [frequency, gainDb] = fields.map((field) => Number(field.replace(',', '.'))) as [number, number]
  if (!(frequency > 0 && frequency <= MAX_FREQUENCY)) {
    return refuse(`Line ${number} gives ${frequency} Hz; a frequency is above 0 and at most ${MAX_FREQUENCY} Hz.`)
  }
  if (!(Math.abs(gainDb) <= MAX_GAIN_DB)) {
    return refuse(`Line ${number} gives ${gainDb} dB; a microphone's response lies within ±${MAX_GAIN_DB} dB.`)
  }
  return ok({ line: number, frequency, gainDb })
}

/**
 * A comma parts columns only where nothing else does: beside a semicolon, a tab or a blank it is a decimal comma, unless
 * it ends a field ("20, -1.5").
 */
function splitFields(line: string): string[] {
  const text = line.replaceAll('"', '').trim()
  if (text === '' || /^(?:[*#;]|\/\/)/.test(text)) return []
  if (text.includes(';')) return trimAll(text.replace(/;$/, '').split(';'))
  const fields = text.split(/\s+/)
  if (fields.length > 1 && !fields.some((field) => field.endsWith(',') || field.startsWith(','))) return fields
  return trimAll(text.replace(/,$/, '').split(','))
}

function trimAll(fields: string[]): string[] {
  return fields.map((field) => field.trim())
}

/** From the first line that has a sensitivity; a second one belongs to another copy pasted below. */
function parseHeadings(lines: readonly string[]): Omit<CalibrationFile, 'frequency' | 'gainDb'> {
  const heading = lines.find((line) => /sens\s*factor/i.test(line)) ?? ''
  const serial = /SERNO\s*:?\s*([\w-]{1,64})/i.exec(heading)?.[1]
  const sensFactorDb = decibels(heading, /sens\s*factor\s*=\s*([+-]?[\d.]+)\s*dB/i)
  const analogGainDb = decibels(heading, /AGain\s*=\s*([+-]?[\d.]+)\s*dB/i)
  const dayton = lines.find((line) => /^\s*\*\s*1000\s*Hz/i.test(line)) ?? ''
  const sensitivityDb = decibels(dayton, /^\s*\*\s*1000\s*Hz\s*([+-]?[\d.]+)/i)
  const upward = lines.some((line) => /90[- ]deg/i.test(line))
  return {
    ...(serial !== undefined && { serial }),
    ...(sensFactorDb !== undefined && { sensFactorDb }),
    ...(analogGainDb !== undefined && { analogGainDb }),
    ...(sensitivityDb !== undefined && { sensitivityDb }),
    ...(upward && { incidence: '90deg' }),
  }
}

function decibels(line: string, pattern: RegExp): number | undefined {
  const value = Number(pattern.exec(line)?.[1] ?? Number.NaN)
  return Number.isFinite(value) ? value : undefined
}
