/** One recording on the disk: while it grows, when it is opened again, finished, and beyond 4 GiB. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WavFile, type FinishedAudio } from '#engine/recorder/wav-file.ts'
import { wavHeader } from '#engine/recorder/wav/header.ts'
import { frameBytes, SAMPLE_FORMATS, type StreamFormat } from '#shared/pcm.ts'
import { readWavHead } from '#shared/wav.ts'
import { noiseBytes } from '../support/node-sound.ts'

const run = promisify(execFile)

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-wav-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const INFO = {
  node: { name: 'Dachböden & <屋>', id: 'n1', software: 'farfield-node 0.1.0' },
  program: 'farfield 0.1.0',
  take: 'a6a41abc-e1a4-45cf-8b7b-039fcf4aea98',
  utcNs: 1_772_370_309_123_456_789n,
  calibration: '7001234.txt, serial 7001234',
}
const MARKERS = [
  { frame: 100, label: 'Zug' },
  { frame: 2000, label: 'Tür auf' },
]
const LOUDNESS = { integrated: -23.1, range: 5, truePeak: -1, momentaryMax: -20, shortTermMax: -21 }
const FORMAT: StreamFormat = { format: 's24', channels: 1, rate: 48_000 }
const FIRST = 2n ** 53n + 1n

/** Noise that is never NaN or infinite when read as floats. */
function sound(format: StreamFormat, frames: number, seed = 1): Buffer {
  const bytes = Buffer.from(noiseBytes(frames * frameBytes(format), seed))
  if (format.format !== 'f32') return bytes
  for (let at = 0; at < bytes.length; at += 4) bytes.writeFloatLE(bytes.readInt32LE(at) / 2 ** 31, at)
  return bytes
}

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** The samples between the head and the end that the head promises. */
async function samplesOf(name: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, name))
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  const { dataOffset, dataBytes } = head.value
  return bytes.subarray(dataOffset, dataOffset + (dataBytes ?? bytes.length))
}

/** What Python's own reader says: parameters and the SHA-256 of all frames. */
async function python(path: string): Promise<unknown> {
  const program = `
import hashlib, json, sys, wave
w = wave.open(sys.argv[1])
data = b''.join(iter(lambda: w.readframes(65536), b''))
print(json.dumps([w.getnchannels(), w.getsampwidth(), w.getframerate(), hashlib.sha256(data).hexdigest()]))`
  return JSON.parse((await run('python3', ['-c', program, path])).stdout)
}

const FORMATS: StreamFormat[] = SAMPLE_FORMATS.flatMap((format) =>
  [1, 2, 3, 8, 64].map((channels) => ({ format, channels, rate: 48_000 })),
)
/** Odd, so that an odd number of bytes is among them. */
const FRAMES = 4801

describe.each(FORMATS)('$channels channels of $format, with markers and loudness', (format) => {
  const samples = sound(format, FRAMES)

  test('are told by ffprobe, sox and sndfile-info', async () => {
    const file = await WavFile.create(folder, 'take', { format, stream: 0xabcn, first: FIRST, info: INFO })
    await file.write(FIRST, [samples])
    const audio = await file.finish({ loudness: LOUDNESS, markers: MARKERS })
    expect(audio).toMatchObject({ name: 'take.wav', frames: FRAMES, bytes: samples.length, sha256: sha(samples) })
    const path = join(folder, 'take.wav')
    expect(await readdir(folder)).toEqual(['take.wav'])
    expect(await samplesOf('take.wav')).toEqual(samples)
    const entries = 'stream=duration_ts,channels,sample_rate:format_tags:chapter=start:chapter_tags'
    const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'json', path])
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({
      streams: [{ duration_ts: FRAMES, channels: format.channels, sample_rate: '48000' }],
      chapters: MARKERS.map(({ frame, label }) => ({ start: frame, tags: { title: label } })),
      format: {
        tags: {
          comment: expect.stringMatching(/^Dachboden & <\?> \(farfield-node 0\.1\.0\); begins 2026-03-01T13:05:09\.1/),
          encoded_by: 'farfield 0.1.0',
          originator_reference: '0000000000000abc0020000000000001',
          coding_history: expect.stringContaining('serial 7001234'),
        },
      },
    })
    expect((await run('sox', ['-V2', path, '-n', 'trim', '0'])).stderr).toBe('')
    expect((await run('soxi', ['-s', path])).stdout).toBe(`${FRAMES}\n`)
    const info = await run('sndfile-info', [path])
    expect(info.stdout).toMatch(new RegExp(`Frames +: ${FRAMES}\\n`))
    expect(info.stdout).toMatch(/Cue ID : +2 +Pos : +2000 /)
    expect(info.stdout).not.toMatch(/error|warn/i)
  })

  test('are read to the newest sample while the file grows', async () => {
    const file = await WavFile.create(folder, 'take', { format, stream: 1n, first: 0n, info: INFO })
    const half = Math.floor(FRAMES / 2)
    for (const [from, to] of [
      [0, half],
      [half, FRAMES],
    ] as const) {
      await file.write(BigInt(from), [samples.subarray(from * frameBytes(format), to * frameBytes(format))])
      await file.sync()
      const path = join(folder, 'take.wav.part')
      const read = (await run('sox', ['-t', 'wav', path, '-n', 'stat'])).stderr
      expect(read).toMatch(new RegExp(`Samples read: +${to * format.channels}\\n`))
      const info = await run('sndfile-info', [path])
      expect(info.stdout).toMatch(new RegExp(`Frames +: ${to}\\n`))
      const { stdout } = await run('ffmpeg', [
        '-v',
        'error',
        '-i',
        path,
        '-c',
        'copy',
        '-f',
        'hash',
        '-hash',
        'sha256',
        '-',
      ])
      expect(stdout).toContain(sha(samples.subarray(0, to * frameBytes(format))))
    }
    await file.close()
  })
})

/** Before 3.12 Python knows the plain form alone, and floats never. */
const PLAIN: StreamFormat[] = [1, 2].map((channels) => ({ format: 's16', channels, rate: 44_100 }))

test.each(PLAIN)('Python reads $channels channels of s16, growing and finished', async (format) => {
  const samples = sound(format, FRAMES)
  const told = [format.channels, 2, 44_100, sha(samples)]
  const file = await WavFile.create(folder, 'take', { format, stream: 1n, first: 0n, info: INFO })
  await file.write(0n, [samples])
  expect(await python(join(folder, 'take.wav.part'))).toEqual(told)
  await file.finish({ markers: MARKERS })
  expect(await python(join(folder, 'take.wav'))).toEqual(told)
})

describe('checksums', () => {
  const size = frameBytes(FORMAT)
  const samples = sound(FORMAT, 60_000)
  const piece = (from: number, to: number): Buffer => samples.subarray(from * size, to * size)
  const create = (): Promise<WavFile> => WavFile.create(folder, 'take', { format: FORMAT, stream: 1n, first: FIRST })
  const put = (file: WavFile, from: number, to: number): Promise<void> =>
    file.write(FIRST + BigInt(from), [piece(from, to)])

  test('are of the file, in whatever order the sound comes', async () => {
    const file = await create()
    const parts = Array.from({ length: 60 }, (_, i) => (i * 37) % 60)
    for (const [i, n] of parts.entries()) {
      await put(file, n * 1000, n * 1000 + 1000)
      if (i % 7 === 0) await file.sync()
    }
    expect((await file.finish()).sha256).toBe(sha(samples))
    expect(await samplesOf('take.wav')).toEqual(samples)
  })

  test('follow a hole that is filled, one that is given up, and one that comes after all', async () => {
    const file = await create()
    await put(file, 0, 1000)
    await put(file, 5000, 60_000)
    await file.sync()
    await put(file, 1000, 3000)
    file.settle({ from: FIRST + 3000n, to: FIRST + 5000n })
    await file.sync()
    const silent = Buffer.concat([piece(0, 3000), Buffer.alloc(2000 * size), piece(5000, 60_000)])
    await put(file, 3000, 4000)
    piece(3000, 4000).copy(silent, 3000 * size)
    expect((await file.finish()).sha256).toBe(sha(silent))
    expect(await samplesOf('take.wav')).toEqual(silent)
  })

  test('are of what is in the file, when another sound comes for the same place', async () => {
    const file = await create()
    await put(file, 0, 10_000)
    await file.write(FIRST + 5000n, [sound(FORMAT, 10_000, 2)])
    const { sha256 } = await file.finish()
    const held = await samplesOf('take.wav')
    expect(sha256).toBe(sha(held))
    expect(held.subarray(0, 10_000 * size)).toEqual(piece(0, 10_000))
  })

  test('count silence that the file was stretched by', async () => {
    const file = await create()
    await put(file, 0, 100)
    await file.extend(FIRST + 1001n)
    const whole = Buffer.concat([piece(0, 100), Buffer.alloc(901 * size)])
    const audio: FinishedAudio = await file.finish()
    expect(audio).toMatchObject({ frames: 1001, sha256: sha(whole) })
    expect(await samplesOf('take.wav')).toEqual(whole)
    // An odd number of bytes has its pad.
    expect((await readFile(join(folder, 'take.wav'))).length % 2).toBe(0)
  })
})

describe('a file that was left unfinished', () => {
  const size = frameBytes(FORMAT)
  const samples = sound(FORMAT, 20_000)
  const start = { format: FORMAT, stream: 7n, first: FIRST, info: INFO }

  async function leave(): Promise<void> {
    const file = await WavFile.create(folder, 'take', start)
    await file.write(FIRST, [samples.subarray(0, 10_000 * size)])
    await file.close()
  }

  test('is gone on with: what was not safe is written again, and the checksum is that of the disk', async () => {
    await leave()
    // A crash tore the last write: half a frame, and noise behind what was known to be safe.
    const path = join(folder, 'take.wav.part')
    await truncate(path, wavHeader(FORMAT).length + 9999 * size + 1)
    const bytes = await readFile(path)
    bytes.fill(0x55, wavHeader(FORMAT).length + 9000 * size)
    await writeFile(path, bytes)
    const again = await WavFile.reopen(folder, 'take.wav', start, FIRST + 9000n, [
      { from: FIRST + 10n, to: FIRST + 20n },
    ])
    if (!again.ok) throw new Error(again.fault.message)
    expect(again.value.dataBytes).toBe(9999 * size)
    await again.value.write(FIRST + 9000n, [samples.subarray(9000 * size)])
    await again.value.sync()
    await again.value.write(FIRST + 10n, [samples.subarray(10 * size, 20 * size)])
    const audio = await again.value.finish({ markers: MARKERS })
    expect(audio).toMatchObject({ frames: 20_000, sha256: sha(samples) })
    expect(await samplesOf('take.wav')).toEqual(samples)
  })

  test.each([
    ['another stream', { ...start, stream: 8n }],
    ['another position', { ...start, first: FIRST + 1n }],
    ['another format', { ...start, format: { ...FORMAT, channels: 2 } }],
  ])('is not taken for that of %s', async (_, other) => {
    await leave()
    const before = await readFile(join(folder, 'take.wav.part'))
    expect(await WavFile.reopen(folder, 'take.wav', other, FIRST + 10n, [])).toMatchObject({
      ok: false,
      fault: { code: 'bad-wav' },
    })
    expect(await readFile(join(folder, 'take.wav.part'))).toEqual(before)
  })

  test('is missed when it is gone, and refused when it is something else', async () => {
    expect(await WavFile.reopen(folder, 'take.wav', start, FIRST, [])).toMatchObject({
      fault: { code: 'file-missing' },
    })
    await writeFile(join(folder, 'take.wav.part'), 'a letter')
    expect(await WavFile.reopen(folder, 'take.wav', start, FIRST, [])).toMatchObject({ fault: { code: 'bad-wav' } })
  })
})

test('5 GiB open as RF64 with every sample at its place', { timeout: 120_000 }, async () => {
  const format = { format: 's32', channels: 2, rate: 48_000 } as const
  const frames = (5 * 2 ** 30) / 8 + 1001
  const beyond = BigInt(2 ** 32 / 8)
  const file = await WavFile.create(folder, 'long', { format, stream: 1n, first: FIRST, info: INFO })
  // Around the seams: the beginning, the 4 GiB of the sound and of the file, the end.
  const places = [0n, beyond - 500n - BigInt(file.headBytes / 4), beyond + 500n, BigInt(frames - 1000)]
  const pieces = places.map((_, i) => sound(format, 1000, i + 1))
  for (const [i, at] of places.entries()) await file.write(FIRST + at, [pieces[i]!])
  const audio = await file.finish({ markers: MARKERS })
  expect(audio).toMatchObject({ frames, bytes: frames * 8 })
  const path = join(folder, 'long.wav')
  const entries = ['-show_entries', 'stream=duration_ts,channels,codec_name', '-of', 'default=noprint_wrappers=1']
  const { stdout, stderr } = await run('ffprobe', ['-v', 'warning', ...entries, path])
  expect({ stdout, stderr }).toEqual({
    stdout: `codec_name=pcm_s32le\nchannels=2\nduration_ts=${frames}\n`,
    stderr: '',
  })
  const disk = await open(path)
  try {
    const head = Buffer.alloc(file.headBytes)
    await disk.read(head, 0, head.length, 0)
    expect(head.toString('latin1', 0, 4)).toBe('RF64')
    expect(readWavHead(head)).toEqual({ ok: true, value: { format, dataOffset: head.length, dataBytes: frames * 8 } })
    for (const [i, at] of places.entries()) {
      const held = Buffer.alloc(8002)
      await disk.read(held, 0, 8002, head.length + Number(at) * 8)
      expect(held.subarray(0, 8000).equals(pieces[i]!)).toBe(true)
      // As ffmpeg finds it by time.
      const args = ['-v', 'error', '-ss', `${Number(at) / 48_000}`, '-i', path, '-frames:a', '1', '-f', 's32le', '-']
      const sought = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 1 << 20 })
      expect(sought.stdout.subarray(0, 4000).equals(pieces[i]!.subarray(0, 4000))).toBe(true)
    }
  } finally {
    await disk.close()
  }
})
