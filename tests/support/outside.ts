/** Programs that we did not write, as judges of what we did. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Integrated loudness of a file, LUFS, by ffmpeg's `ebur128`, with three decimals. */
export async function ffmpegLoudness(file: string): Promise<number> {
  const filter = 'ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file=-'
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-af', filter, '-f', 'null', '-'], {
    maxBuffer: 64 << 20,
  })
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  return Number(last.replace('lavfi.r128.I=', ''))
}

/** What ffmpeg's `ebur128` reads of a whole file: LUFS, LU and dBTP of each channel (with two decimals). */
export async function ffmpegEbur128(file: string): Promise<{ I: number; LRA: number; truePeak: number[] }> {
  const filter = 'ebur128=metadata=1:peak=true,ametadata=mode=print:file=-'
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-af', filter, '-f', 'null', '-'], {
    maxBuffer: 1 << 28,
  })
  const last = stdout.slice(stdout.lastIndexOf('frame:'))
  const value = (name: string): number => Number(new RegExp(`r128\\.${name}=(\\S+)`).exec(last)![1])
  const peaks = [...last.matchAll(/true_peaks_ch\d+=(\S+)/g)].map(([, peak]) => 20 * Math.log10(Number(peak)))
  return { I: value('I'), LRA: value('LRA'), truePeak: peaks }
}

/** RMS of each channel, dBFS, by `sox stats`. */
export async function soxRms(file: string): Promise<number[]> {
  return soxStats(file, 'RMS lev dB')
}

/** A line of `sox stats`, such as "Pk lev dB", for each channel. */
export async function soxStats(file: string, name: string): Promise<number[]> {
  const { stderr } = await run('sox', [file, '-n', 'stats'])
  const line = stderr.split('\n').find((l) => l.startsWith(name)) ?? ''
  const [overall, ...channels] = line.replace(name, '').trim().split(/\s+/).map(Number)
  return channels.length > 0 ? channels : [overall!]
}

/** What ffmpeg, sox and libsndfile complain about when they read the whole file; empty when nothing. */
export async function complaints(file: string): Promise<string> {
  const ffmpeg = await run('ffmpeg', ['-v', 'warning', '-i', file, '-f', 'null', '-'])
  const sox = await run('sox', ['-V3', file, '-n']).then(({ stderr }) =>
    stderr.split('\n').filter((l) => /WARN|FAIL/.test(l)),
  )
  const sndfile = await run('sndfile-info', [file])
  const remarks = sndfile.stdout.split('\n').filter((l) => /\*\*\*|should be|error|warning/i.test(l))
  // What ffmpeg says of a layout that the file does not name is a guess it announces, not a fault of the file.
  const said = ffmpeg.stderr.split('\n').filter((l) => l.trim() && !l.includes('Guessed Channel Layout'))
  return [...said, ...sox, ...remarks].join('\n')
}
