/** What a take leaves on the disk, opened by other people's programs. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#engine/clock.ts'
import { stemOf } from '#engine/recorder/names.ts'
import { Take } from '#engine/recorder/take.ts'
import { finalHeader, wavHeader } from '#engine/recorder/wav/header.ts'
import { WavFile } from '#engine/recorder/wav-file.ts'
import type { SessionBlock } from '#engine/session-events.ts'
import type { Fault } from '#shared/result.ts'
import { frameBytes, SAMPLE_FORMATS, type StreamFormat } from '#shared/pcm.ts'
import { readWavHead } from '#shared/wav.ts'
import { noiseBytes } from '../support/node-sound.ts'

const run = promisify(execFile)

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-takes-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Noise that is never NaN or infinite when read as floats. */
function sound(format: StreamFormat, frames: number): Buffer {
  const bytes = Buffer.from(noiseBytes(frames * frameBytes(format)))
  if (format.format !== 'f32') return bytes
  for (let at = 0; at < bytes.length; at += 4) bytes.writeFloatLE(bytes.readInt32LE(at) / 2 ** 31, at)
  return bytes
}

const CODECS = { s16: 's16le', s24: 's24le', s32: 's32le', f32: 'f32le' }

/** The samples as ffmpeg reads them, and what it complained about. Which speakers six microphones are it shall not guess. */
async function ffmpeg(file: string, { format }: StreamFormat): Promise<{ samples: Buffer; complaints: string }> {
  const args = [
    '-v',
    'warning',
    '-guess_layout_max',
    '0',
    '-f',
    'wav',
    '-i',
    file,
    '-c',
    'copy',
    '-f',
    CODECS[format],
    '-',
  ]
  const { stdout, stderr } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 64 << 20 })
  return { samples: stdout, complaints: stderr.toString() }
}

const FORMATS: StreamFormat[] = SAMPLE_FORMATS.flatMap((format) =>
  [1, 2, 6].map((channels) => ({ format, channels, rate: 48_000 })),
)

describe.each(FORMATS)('$channels channels of $format', (format) => {
  const FRAMES = 4800

  test('open without a warning in ffmpeg, sox and sndfile-info', async () => {
    const samples = sound(format, FRAMES)
    const file = await WavFile.create(folder, 'take', { format, stream: 1n, first: 1000n })
    await file.write(1000n, [samples.subarray(0, 960), samples.subarray(960)])
    await file.finish()
    const path = join(folder, 'take.wav')
    expect(await ffmpeg(path, format)).toEqual({ samples, complaints: '' })
    const soxi = await run('soxi', [path])
    expect(soxi.stderr).toBe('')
    expect(soxi.stdout).toMatch(new RegExp(`Channels +: ${format.channels}\\n`))
    expect(soxi.stdout).toMatch(/= 4800 samples/)
    expect((await run('sox', ['-V2', path, '-n', 'trim', '0'])).stderr).toBe('')
    const sndfile = await run('sndfile-info', [path])
    expect(sndfile.stdout + sndfile.stderr).not.toMatch(/\*\*|warn|error|should be/i)
    expect(sndfile.stdout).toMatch(/Frames +: 4800\n/)
  })

  test('are read to the end while they still grow', async () => {
    const samples = sound(format, FRAMES)
    const file = await WavFile.create(folder, 'take', { format, stream: 1n, first: 0n })
    await file.write(0n, [samples])
    const path = join(folder, 'take.wav.part')
    expect((await ffmpeg(path, format)).samples.equals(samples)).toBe(true)
    const { stderr } = await run('sox', ['-t', 'wav', path, '-n', 'stat'])
    expect(stderr).toMatch(new RegExp(`Samples read: +${FRAMES * format.channels}\\n`))
    await file.finish()
  })
})

test('an odd number of bytes gets its pad', async () => {
  const format = { format: 's24', channels: 1, rate: 48_000 } as const
  const samples = sound(format, 1001)
  const file = await WavFile.create(folder, 'take', { format, stream: 1n, first: 0n })
  await file.write(0n, [samples])
  await file.finish()
  const path = join(folder, 'take.wav')
  expect((await readFile(path)).length % 2).toBe(0)
  expect(await ffmpeg(path, format)).toEqual({ samples, complaints: '' })
  expect((await run('sox', ['-V2', path, '-n', 'trim', '0'])).stderr).toBe('')
})

test('more than 4 GiB open as RF64 to the last frame', async () => {
  const format = { format: 's32', channels: 2, rate: 48_000 } as const
  const frames = 2 ** 29 + 48_000
  const path = join(folder, 'long.wav')
  const file = await open(path, 'w')
  await file.write(finalHeader(format, frames * 8))
  await file.truncate(wavHeader(format).length + frames * 8)
  await file.close()
  const entries = ['-show_entries', 'stream=duration_ts,channels,codec_name', '-of', 'default=noprint_wrappers=1']
  const { stdout, stderr } = await run('ffprobe', ['-v', 'warning', ...entries, path])
  expect(stderr).toBe('')
  expect(stdout).toBe(`codec_name=pcm_s32le\nchannels=2\nduration_ts=${frames}\n`)
})

const FORMAT: StreamFormat = { format: 's16', channels: 1, rate: 48_000 }

function block(position: number, frames: number, stream = 1n): SessionBlock {
  const header = { ...FORMAT, flags: 0, stream, sequence: 0n, monotonicNs: 0n, utcNs: 0n, crc: 0, frames }
  const samples = sound(FORMAT, frames)
  return {
    kind: 'live',
    filled: frames,
    repaired: false,
    begins: false,
    samples,
    header: { ...header, firstFrame: BigInt(position) },
  }
}

/** A take of a node that nobody is connected to: what is given to it is all there is. */
function newTake(into: string, name: string): Take {
  const choices = { preRoll: 0, split: null, namePattern: '', perNodeFolders: false }
  const startedAt = Date.now()
  const head = {
    id: randomUUID(),
    group: 'one',
    node: { name, address: 'tcp://127.0.0.1:5555' },
    format: FORMAT,
    choices,
    stem: stemOf('', { node: name, at: new Date(startedAt) }),
    startedAt,
    ringSeconds: 0,
  }
  return new Take({ head, folder: into, clock: systemClock, software: 'test', source: () => undefined })
}

async function stop(take: Take): Promise<void> {
  take.stop()
  take.finishNow()
  await take.done
}

const namesOf = (take: Take): string[] => take.parts.flatMap((part) => part.name ?? [])

/** Bytes of sound. */
async function soundBytes(path: string): Promise<number | undefined> {
  const head = readWavHead(await readFile(path))
  return head.ok ? head.value.dataBytes : undefined
}

test('takes of the same name at the same moment get numbers, and none is lost', async () => {
  const takes = Array.from({ length: 5 }, () => newTake(folder, 'attic'))
  for (const [i, take] of takes.entries()) take.accept(block(0, 100 + i))
  await Promise.all(takes.map(stop))
  expect(takes.map((take) => take.fault)).toEqual(takes.map(() => undefined))
  const files = takes.map(namesOf)
  expect(
    files
      .flat()
      .map((name) => name.replace(/^attic_[\d-]+_[\d-]+/, ''))
      .sort(),
  ).toEqual(['.wav', '_2.wav', '_3.wav', '_4.wav', '_5.wav'])
  for (const [i, [name]] of files.entries()) {
    expect(await soundBytes(join(folder, name!))).toBe(2 * (100 + i))
  }
})

test('a finished file of the same name is never overwritten', async () => {
  const take = newTake(folder, 'attic')
  take.accept(block(0, 100))
  await stop(take)
  const [name] = namesOf(take)
  await copyFile(join(folder, name!), join(folder, 'kept'))
  const again = await WavFile.create(folder, name!.replace('.wav', ''), { format: FORMAT, stream: 1n, first: 0n })
  await again.write(0n, [sound(FORMAT, 7)])
  await again.finish()
  expect(again.name).toBe(name!.replace('.wav', '_2.wav'))
  expect(await readFile(join(folder, name!))).toEqual(await readFile(join(folder, 'kept')))
})

test('a file that somebody removed is told at the next look, without a flush', async () => {
  const take = newTake(folder, 'attic')
  const failed = new Promise<Fault>((resolve) => take.onFailure(resolve))
  take.accept(block(0, 4800))
  await expect.poll(() => namesOf(take)).toHaveLength(1)
  await unlink(join(folder, `${namesOf(take)[0]}.part`))
  take.tick()
  expect(await failed).toMatchObject({
    code: 'folder-unwritable',
    message: expect.stringContaining('it is gone') as string,
  })
  await take.done
})

test.each([
  '../up',
  '/etc/x',
  'a\\..\\b',
  'CON',
  '',
  '.',
  '屋'.repeat(10_000),
  '\u0000\u0007\u202e',
  '🎤🎤',
  '-rf',
  '%s%n',
])('a node called %j is recorded inside the folder', async (name) => {
  const inside = join(folder, 'takes')
  await mkdir(inside)
  const take = newTake(inside, name)
  take.accept(block(0, 480))
  await stop(take)
  const files = namesOf(take)
  expect(take.fault).toBeUndefined()
  // Each with its certificate, and neither a journal nor a claim.
  expect((await readdir(inside)).filter((f) => !f.endsWith('.wav.json'))).toEqual(files)
  expect(files[0]).toMatch(/^[^/\\\p{Cc}\p{Cf}]+_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d\.wav$/u)
  expect(await readdir(folder)).toEqual(['takes'])
})

test('a new stream of the same format goes on in a second file of the take', async () => {
  const take = newTake(folder, 'attic')
  take.accept(block(1000, 480, 1n))
  take.accept(block(50, 480, 2n))
  take.accept(block(530, 480, 2n))
  await stop(take)
  const files = namesOf(take)
  const missingFrames = take.parts.reduce((sum, part) => sum + part.missingFrames, 0)
  expect({ frames: take.frames, missingFrames, gaps: take.gaps }).toEqual({ frames: 1440, missingFrames: 0, gaps: 0 })
  expect(files.map((f) => f.replace(/_[\d-]+_[\d-]+/, ''))).toEqual(['attic.wav', 'attic_part2.wav'])
  const sizes = await Promise.all(files.map((f) => soundBytes(join(folder, f))))
  expect(sizes).toEqual([960, 1920])
})
