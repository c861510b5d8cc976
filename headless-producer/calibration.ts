/** The microphone's calibration file. The node only makes sure that it is one and passes it on; the workstation reads and applies it. */
import { fail, ok, type Result } from '#shared/result.ts'
import type { NodeMeta } from '#wire/meta.ts'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'

const MAX_BYTES = 256 * 1024
const LEAST_ROWS = 2
const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`
/** Frequency and level, and whatever else follows. */
const ROW = new RegExp(`^${NUMBER}[\\s,;]+${NUMBER}(?:[\\s,;]|$)`)
const COMMENT = /^["*#;/]/

/** Faults: `file-missing`, `bad-calibration` with the number of the line at fault. */
export function loadCalibration(path: string): Result<NonNullable<NodeMeta['calibration']>> {
  let bytes: Buffer
  try {
    const stat = statSync(path)
    if (!stat.isFile()) return fail('bad-calibration', `${path} is not a file.`)
    if (stat.size > MAX_BYTES)
      return fail('bad-calibration', `${path} has ${stat.size} bytes: a calibration file has at most ${MAX_BYTES}.`)
    bytes = readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return fail('file-missing', `The calibration file cannot be read (${code ?? 'unknown error'}): ${path}`)
  }
  const text = readText(bytes, path)
  if (!text.ok) return text
  const fault = checkRows(text.value)
  if (fault) return fail('bad-calibration', `${path}, ${fault}`)
  const serial = /SERNO:\s*"?([\w-]{1,40})/i.exec(text.value)?.[1]
  return ok({ file: basename(path), text: text.value, ...(serial ? { serial } : {}) })
}

function readText(bytes: Buffer, path: string): Result<string> {
  const line = (at: number): number => bytes.subarray(0, at).toString('latin1').split('\n').length
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return fail('bad-calibration', `${path}, line 1: this is UTF-16. Save the file as UTF-8 or plain text.`)
  const zero = bytes.indexOf(0)
  if (zero >= 0)
    return fail(
      'bad-calibration',
      `${path}, line ${line(zero)}: this is not a text file. Use the .txt or .cal file of the microphone.`,
    )
  // Windows-1252 is common in such files (a degree sign in a comment), so bytes that are not UTF-8 are read as that.
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return ok(new TextDecoder('windows-1252').decode(bytes))
  }
}

/** Headings may stand before the first row; after it everything is a row, a comment or empty. */
function checkRows(text: string): string | undefined {
  let rows = 0
  const lines = text.split(/\r\n|\r|\n/)
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim()
    if (/^<(!doctype|html|\?xml|head|body)/i.test(line))
      return `line ${i + 1}: this is a web page. Download the file itself.`
    if (ROW.test(line)) rows++
    else if (rows > 0 && line !== '' && !COMMENT.test(line))
      return `line ${i + 1}: expected a frequency in Hz and a level in dB, found "${line.slice(0, 40)}".`
  }
  if (rows >= LEAST_ROWS) return undefined
  return `line ${lines.length}: the file ends with ${rows} rows of frequency and level; at least ${LEAST_ROWS} are needed.`
}
