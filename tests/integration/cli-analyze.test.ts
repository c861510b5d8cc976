/** What `farfield analyze` reads of files, against ffmpeg, sox, libsndfile's tools and what is known of the signal. */
import { execFile } from 'node:child_process'
import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SoundFile } from '#engine/analysis/sound-file.ts'
import { calibrationFile } from '../support/calibration-file.ts'
import { jsonLines, runCli } from '../support/cli.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { ffmpegEbur128, soxStats } from '../support/outside.ts'
import { speechAndNoise } from '../support/programme.ts'

const run = promisify(execFile)
const sox = (...args: (string | number)[]): Promise<unknown> => run('sox', ['-D', '-R', ...args.map(String)])

let folder: string
let programme: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-analyze-'))
  programme = await speechAndNoise(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Row {
  readonly time: number
  readonly momentary: number | null
  readonly shortTerm: number | null
  readonly laf: (number | null)[]
  readonly laeq: (number | null)[]
  readonly lzeq: (number | null)[]
  readonly peak: (number | null)[]
  readonly truePeak: (number | null)[]
}

interface Report {
  readonly file: string
  readonly format: { format: string; channels: number; rate: number }
  readonly seconds: number
  readonly calibration: { file: string; serial: string | null; residualDb: number; spl: object[] } | null
  readonly integrated: number | null
  readonly momentaryMax: number | null
  readonly shortTermMax: number | null
  readonly lra: number | null
  readonly lraStable: boolean
  readonly plr: number | null
  readonly truePeak: (number | null)[]
  readonly samplePeak: (number | null)[]
  readonly rms: (number | null)[]
  readonly dc: number[]
  readonly clips: number[]
  readonly laeq: (number | null)[]
  readonly lzeq: (number | null)[]
  readonly bands: { hz: number; leq: (number | null)[] }[]
  readonly octaves: { hz: number; leq: (number | null)[] }[]
  readonly notFinite: number
  readonly history?: Row[]
}

async function analyze(file: string, ...more: string[]): Promise<Report> {
  const ended = await runCli(['analyze', file, '--json', ...more])
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  const lines = jsonLines(ended.stdout)
  expect(lines).toHaveLength(1)
  return lines[0] as unknown as Report
}

const apart = (ours: (number | null)[], theirs: number[]): number =>
  Math.max(...ours.map((value, c) => Math.abs(value! - theirs[c]!)))

/** ffmpeg's K-weighting is off by a little at rates other than 48 kHz: 0.025 dB at 96 kHz. */
const LOUDNESS_LU: Readonly<Record<number, number>> = { 44_100: 0.02, 48_000: 0.01, 96_000: 0.04 }

/** The report of a file agrees with ffmpeg and sox. ffmpeg looks between samples with a filter of its own. */
async function expectAgreement(file: string, report: Report): Promise<void> {
  const theirs = await ffmpegEbur128(file)
  // The rule of EBU Tech 3342 for files, which ffmpeg leaves to its users.
  const padded = `${file}.padded.wav`
  await sox(file, padded, 'pad', 0, 1.5)
  const { LRA } = await ffmpegEbur128(padded)
  expect(Math.abs(report.integrated! - theirs.I), 'I').toBeLessThan(LOUDNESS_LU[report.format.rate]!)
  expect(Math.abs(report.lra! - LRA), 'LRA').toBeLessThan(0.2)
  expect(report.truePeak).toHaveLength(theirs.truePeak.length)
  expect(apart(report.truePeak, theirs.truePeak), 'true peak').toBeLessThan(0.15)
  expect(apart(report.samplePeak, await soxStats(file, 'Pk lev dB')), 'sample peak').toBeLessThan(0.011)
  expect(apart(report.rms, await soxStats(file, 'RMS lev dB')), 'RMS').toBeLessThan(0.011)
}

const THIRDS_HZ = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150,
  4000, 5000, 6300, 8000, 10_000, 12_500, 16_000, 20_000,
]

describe('a programme of speech and noise', () => {
  test.concurrent.each([
    ['s16', 48_000, ['-b', '16']],
    ['s24', 44_100, ['-b', '24']],
    ['s32', 96_000, ['-b', '32']],
    ['f32', 48_000, ['-b', '32', '-e', 'floating-point']],
  ] as const)('as %s at %i Hz reads as ffmpeg and sox do', async (format, rate, encoding) => {
    const file = at(`${format}.wav`)
    await sox(programme, '-r', rate, ...encoding, file)
    const report = await analyze(file)
    expect(report).toMatchObject({ file, format: { format, rate, channels: 2 }, calibration: null, notFinite: 0 })
    await expectAgreement(file, report)
    expect(report.bands.map(({ hz }) => hz)).toEqual(THIRDS_HZ.slice(0, rate === 44_100 ? -1 : undefined))
    // What the bands hold together is what there is between them.
    const sum = report.bands.reduce((power, { leq }) => power + 10 ** (leq[0]! / 10), 0)
    expect(Math.abs(10 * Math.log10(sum) - report.lzeq[0]!)).toBeLessThan(0.5)
  })

  test('of one channel, and of six by the rule of 5.1', async () => {
    await sox(programme, at('mono.wav'), 'remix', 1)
    const mono = await analyze(at('mono.wav'))
    expect(mono.format.channels).toBe(1)
    await expectAgreement(at('mono.wav'), mono)
    await sox(programme, at('surround.wav'), 'remix', '1', '2v0.8', '1v0.5', '1v0.9', '2v0.7', '2v0.6')
    const surround = await analyze(at('surround.wav'))
    await expectAgreement(at('surround.wav'), surround)
    // The fourth channel is the low-frequency effects: it counts for peaks, not for loudness.
    await sox(programme, at('quiet-lfe.wav'), 'remix', '1', '2v0.8', '1v0.5', '1v0.01', '2v0.7', '2v0.6')
    const quiet = await analyze(at('quiet-lfe.wav'))
    expect(quiet.integrated).toBe(surround.integrated)
    expect(quiet.samplePeak[3]).toBeLessThan(surround.samplePeak[3]! - 30)
  })
})

test('a sine reads what a sine has', async () => {
  await sox('-n', '-r', 48_000, '-c', 2, '-b', 24, at('sine.wav'), 'synth', 20, 'sine', 997, 'gain', -20)
  const report = await analyze(at('sine.wav'))
  expect(report.seconds).toBe(20)
  for (const figure of [report.integrated, report.momentaryMax, report.shortTermMax]) expect(figure).toBeCloseTo(-20, 1)
  expect(report.plr).toBeCloseTo(0, 1)
  expect(report.lra).toBeCloseTo(0, 1)
  expect(report.lraStable).toBe(false)
  for (const c of [0, 1]) {
    expect(report.truePeak[c]).toBeCloseTo(-20, 1)
    expect(report.laeq[c]).toBeCloseTo(-23.01, 1)
    expect(report.rms[c]).toBeCloseTo(-23.01, 2)
    // Class 1 allows a band 0.4 dB at its middle.
    for (const bands of [report.bands, report.octaves])
      expect(Math.abs(bands.find(({ hz }) => hz === 1000)!.leq[c]! + 23.01)).toBeLessThan(0.4)
    expect(report.bands.find(({ hz }) => hz === 100)!.leq[c]).toBeLessThan(-90)
  }
})

test('the loudness range counts the end of a file: 1.5 s of silence follow it', async () => {
  // EBU Tech 3342, case 3, whose last tone is the loud one.
  for (const [name, db] of [
    ['soft', -40],
    ['loud', -20],
  ] as const)
    await sox('-n', '-r', 48_000, '-c', 2, '-b', 24, at(`${name}.wav`), 'synth', 20, 'sine', 1000, 'gain', db)
  await sox(at('soft.wav'), at('loud.wav'), at('case3.wav'))
  const report = await analyze(at('case3.wav'))
  expect(Math.abs(report.lra! - 20)).toBeLessThan(1)
  // A short file has a range only for that silence, and no short-term loudness of its own.
  await sox(at('loud.wav'), at('short.wav'), 'trim', 0, 2)
  const short = await analyze(at('short.wav'))
  expect(short.shortTermMax).toBeNull()
  expect(short.lra).not.toBeNull()
  expect(short.integrated).toBeCloseTo(-20, 1)
})

test('silence is null', async () => {
  await sox('-n', '-r', 48_000, '-c', 2, '-b', 24, at('silence.wav'), 'trim', 0, 4)
  const report = await analyze(at('silence.wav'), '--window', '1s')
  for (const figure of ['integrated', 'momentaryMax', 'shortTermMax', 'lra', 'plr'] as const)
    expect(report[figure]).toBeNull()
  for (const figure of ['truePeak', 'samplePeak', 'rms', 'laeq'] as const) expect(report[figure]).toEqual([null, null])
  expect(report.bands[0]!.leq).toEqual([null, null])
  expect(report.history!.map(({ time, laeq }) => [time, laeq])).toEqual([1, 2, 3, 4].map((t) => [t, [null, null]]))
})

test('numbers that are not finite are measured as silence, and counted', async () => {
  await sox(programme, '-e', 'floating-point', '-b', 32, at('finite.wav'), 'trim', 0, 5)
  const bytes = await readFile(at('finite.wav'))
  bytes.writeFloatLE(Number.NaN, bytes.length - 400_000)
  bytes.writeFloatLE(Infinity, bytes.length - 200_000)
  await writeFile(at('nan.wav'), bytes)
  const report = await analyze(at('nan.wav'))
  expect(report.notFinite).toBe(2)
  expect(Math.abs(report.integrated! - (await analyze(at('finite.wav'))).integrated!)).toBeLessThan(0.1)
})

describe('the time history', () => {
  test('of windows of any length is that of the whole', async () => {
    const report = await analyze(programme, '--window', '250ms')
    const rows = report.history!
    expect(rows).toHaveLength(Math.ceil(report.seconds / 0.25))
    expect(rows[3]!.time).toBe(1)
    expect(rows.at(-1)!.time).toBeCloseTo(report.seconds, 6)
    const most = (figure: 'peak' | 'truePeak', c: number): number => Math.max(...rows.map((row) => row[figure][c]!))
    for (const c of [0, 1]) {
      expect(most('peak', c)).toBe(report.samplePeak[c])
      expect(most('truePeak', c)).toBe(report.truePeak[c])
      const energy = rows.reduce((sum, { time, laeq }, i) => {
        const seconds = time - (rows[i - 1]?.time ?? 0)
        return sum + seconds * 10 ** (laeq[c]! / 10)
      }, 0)
      expect(Math.abs(10 * Math.log10(energy / report.seconds) - report.laeq[c]!)).toBeLessThan(0.01)
    }
  })

  test('averages over exactly the window', async () => {
    const levels = [-20, -40, -10, -60]
    for (const [i, db] of levels.entries())
      await sox('-n', '-r', 44_100, '-b', 24, at(`step-${i}.wav`), 'synth', '0.25', 'sine', 1000, 'gain', db)
    await sox(...levels.map((_, i) => at(`step-${i}.wav`)), at('steps.wav'))
    const { history } = await analyze(at('steps.wav'), '--window', '250ms')
    expect(history).toHaveLength(4)
    // A full-scale sine has -3.01; what rings from the step before is 60 dB below it.
    for (const [i, db] of [-20, -40, -10].entries()) expect(history![i]!.lzeq[0]).toBeCloseTo(db - 3.01, 1)
    expect(history!.map(({ peak }) => Math.round(peak[0]!))).toEqual(levels)
  })

  test('goes to a file with its units and the state of calibration', async () => {
    const csv = at('history.csv')
    const report = await analyze(programme, '--csv', csv, '--window', '100ms')
    const [heading, ...lines] = (await readFile(csv, 'utf8')).trimEnd().split('\n')
    expect(heading).toMatch(
      /^time \(s\),momentary \(LUFS\),.*laeq 1 \(dBFS\),laeq 2 \(dBFS\),.*truePeak 2 \(dBTP\),calibration$/,
    )
    expect(lines).toHaveLength(report.history!.length)
    const names = heading!.split(',')
    const cells = lines.map((line) => line.split(','))
    for (const row of cells) expect(row).toHaveLength(names.length)
    const column = (name: string): (number | null)[] =>
      cells.map((row) => row[names.indexOf(name)]!).map((cell) => (cell === '' ? null : Number(cell)))
    expect(column('time (s)')).toEqual(report.history!.map(({ time }) => Math.round(time * 1000) / 1000))
    expect(column('laeq 2 (dBFS)')).toEqual(report.history!.map(({ laeq }) => laeq[1]))
    expect(column('momentary (LUFS)')).toEqual(report.history!.map(({ momentary }) => momentary))
    expect(new Set(cells.map((row) => row.at(-1)))).toEqual(new Set(['none']))
  })

  test('has steps of 100 ms where nothing else was asked for, and JSON has it only where it was', async () => {
    const csv = at('plain.csv')
    const report = await analyze(programme, '--csv', csv)
    expect(report.history).toBeUndefined()
    const times = (await readFile(csv, 'utf8')).split('\n').slice(1, 4)
    expect(times.map((line) => Number(line.split(',')[0]))).toEqual([0.1, 0.2, 0.3])
  })
})

test('a calibration undoes the microphone, to the frame', async () => {
  await writeFile(
    at('mic.txt'),
    calibrationFile('7001234', (hz) => (hz < 1000 ? -7 * Math.log10(1000 / hz) : 0)),
  )
  await sox('-n', '-r', 48_000, '-b', 24, at('low.wav'), 'synth', 10, 'sine', 100, 'gain', -20)
  const plain = await analyze(at('low.wav'))
  const report = await analyze(at('low.wav'), '--calibration', at('mic.txt'), '--csv', at('mic.csv'))
  expect(report.calibration).toMatchObject({ file: at('mic.txt'), serial: '7001234' })
  expect(report.calibration!.residualDb).toBeLessThan(0.1)
  expect(report.calibration!.spl).toContainEqual({ convention: 'rew', offsetDb: 125.378, fits: true })
  expect(report.lzeq[0]! - plain.lzeq[0]!).toBeCloseTo(7, 1)
  const rows = (await readFile(at('mic.csv'), 'utf8')).trimEnd().split('\n').slice(1)
  expect(rows).toHaveLength(100)
  expect(rows[0]).toMatch(/^0\.1,.*,7001234$/)
  // A click at the very end is not lost in the delay of the filter.
  await sox('-n', '-r', 48_000, '-b', 24, at('gap.wav'), 'trim', 0, 1)
  const bytes = await readFile(at('gap.wav'))
  bytes.writeIntLE(0x400000, bytes.length - 3 * 10, 3)
  await writeFile(at('click.wav'), bytes)
  expect((await analyze(at('click.wav'), '--calibration', at('mic.txt'))).samplePeak[0]).toBeGreaterThan(-10)
  expect((await analyze(at('click.wav'))).samplePeak[0]).toBeCloseTo(-6.02, 2)
})

test('files of other shapes: RF64, growing, with chunks before the sound', async () => {
  const wanted = await analyze(programme)
  const figures = ({ integrated, truePeak, rms }: Report): unknown => ({ integrated, truePeak, rms })
  await run('ffmpeg', ['-v', 'error', '-i', programme, '-c', 'copy', '-rf64', 'always', at('rf64.wav')])
  expect((await readFile(at('rf64.wav'))).subarray(0, 4).toString()).toBe('RF64')
  expect(figures(await analyze(at('rf64.wav')))).toEqual(figures(wanted))
  // A recording that is still growing: sizes unknown, cut anywhere.
  const growing = await readFile(programme)
  const data = growing.indexOf('data')
  growing.writeUInt32LE(0xffffffff, 4)
  growing.writeUInt32LE(0xffffffff, data + 4)
  await writeFile(at('growing.wav.part'), growing)
  expect(figures(await analyze(at('growing.wav.part')))).toEqual(figures(wanted))
  await truncate(at('growing.wav.part'), data + 8 + 8 * 48_000 + 5)
  expect((await analyze(at('growing.wav.part'))).seconds).toBe(1)
})

/** Runs its arguments and says on standard error how much memory they had at most, in KiB. */
const MEASURED = `exec python3 -c '
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)' "$@"`

test('a long file needs no more memory than a short one', async () => {
  const memory = async (seconds: number): Promise<number> => {
    const file = at(`noise-${seconds}.wav`)
    await sox('-n', '-r', 48_000, '-c', 2, '-b', 32, file, 'synth', seconds, 'whitenoise', 'gain', -20)
    const args = ['analyze', file, '--json', '--window', '10ms', '--csv', at('long.csv')]
    const { code, stderr } = await runCli(args, { shell: MEASURED })
    expect(code).toBe(0)
    return Number(stderr) / 1024
  }
  const short = await memory(5)
  expect(short).toBeGreaterThan(20)
  // The file alone has 90 MB and its history as JSON 60 MB.
  expect((await memory(240)) - short).toBeLessThan(40)
})

test('beyond 4 GiB, samples are found where they lie', async () => {
  const head = await readFile(programme)
  const data = head.indexOf('data') + 8
  head.writeUInt32LE(0xffffffff, data - 4)
  const file = at('huge.wav')
  await writeFile(file, head.subarray(0, data))
  await truncate(file, data + 8 * 700_000_000)
  const handle = await open(file, 'r+')
  await handle.write(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 0, 8, data + 8 * 699_999_999)
  await handle.close()
  const opened = await SoundFile.open(file)
  if (!opened.ok) throw new Error(opened.fault.message)
  expect(opened.value).toMatchObject({ frames: 700_000_000, missingFrames: 0 })
  const out = new Uint8Array(16)
  expect(await opened.value.read(699_999_998, 2, out)).toEqual({ ok: true, value: null })
  await opened.value.close()
  expect([...out]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])
})

test('a take recorded from a node has the figures that the recording gave', async () => {
  const node = await startNodeProcess(['--source', `wav:${programme}`, '--name', 'programme'])
  const out = at('takes')
  const recorded = await runCli(['record', node.url, '--out', out, '--duration', '6', '--json'])
  await node.stop()
  expect(recorded.code).toBe(0)
  const take = jsonLines(recorded.stdout).find(({ event }) => event === 'take') as unknown as {
    folder: string
    files: string[]
    integrated: number
    rms: number[]
  }
  const report = await analyze(join(take.folder, take.files[0]!))
  expect(report.seconds).toBe(6)
  expect(Math.abs(report.integrated! - take.integrated)).toBeLessThan(0.005)
  expect(apart(report.rms, take.rms)).toBeLessThan(0.001)
})
