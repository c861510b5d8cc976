/** What arecord (alsa-utils) says on standard error, and what it means for us. Its texts are read in the C locale. */
import { describeFormat, type SampleFormat, type StreamFormat } from '#shared/pcm.ts'
import type { Fault } from '#shared/result.ts'

export const ARECORD_FORMATS: Record<SampleFormat, string> = {
  s16: 'S16_LE',
  s24: 'S24_3LE',
  s32: 'S32_LE',
  f32: 'FLOAT_LE',
}

/** Length of the gap that one line reports, s; undefined for every other line. */
export function readOverrun(line: string): number | undefined {
  const match = /overrun!!! \(at least ([\d.]+) ms long\)/.exec(line)
  return match ? Number(match[1]) / 1000 : undefined
}

/** arecord goes on with another rate than asked for; we must not. */
export function readForeignRate(line: string): number | undefined {
  const match = /rate is not accurate \(requested = \d+Hz, got = (\d+)Hz\)/.exec(line)
  return match ? Number(match[1]) : undefined
}

/** Why it ended before any sound came. `said`: all of its standard error. */
export function openFault(device: string, format: StreamFormat, said: string): Fault {
  const refused = (what: string): Fault => ({
    code: 'format-unsupported',
    message: `"${device}" does not offer ${describeFormat(format)}. ${what}`,
  })
  const foreign = readForeignRate(said)
  if (foreign !== undefined) return refused(`It would run at ${foreign / 1000} kHz: use --rate ${foreign}.`)
  if (/Sample format non available/i.test(said)) return refused(offeredFormats(said))
  if (/Channels count non available/i.test(said)) return refused('It has another number of channels: set --channels.')
  if (/Device or resource busy/i.test(said))
    return {
      code: 'device-busy',
      message: `"${device}" is in use by another program. Close that program, or choose another device.`,
    }
  if (/Permission denied/i.test(said))
    return {
      code: 'device-lost',
      message: `This user may not use "${device}". Add the user to the group audio and log in again.`,
    }
  if (/Connection refused|Host is down|Connection terminated|Timeout/i.test(said))
    return { code: 'device-lost', message: `The sound server behind "${device}" does not answer. Is it running?` }
  if (/Unknown PCM|No such file|No such device|Invalid card|get card index|No such entity/i.test(said))
    return { code: 'device-unknown', message: `There is no sound device "${device}".` }
  const last =
    said
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^arecord: \S+ /, '') ?? ''
  return { code: 'device-lost', message: `"${device}" could not be opened${last ? `: ${last}` : ''}.` }
}

function offeredFormats(said: string): string {
  const listed = said.split(/Available formats:/i)[1] ?? ''
  const ours = Object.entries(ARECORD_FORMATS)
    .filter(([, theirs]) => new RegExp(`^- ${theirs}$`, 'm').test(listed))
    .map(([name]) => name)
  return ours.length > 0 ? `Use --format ${ours.join(' or ')}.` : 'Use its plughw: form, which converts.'
}
