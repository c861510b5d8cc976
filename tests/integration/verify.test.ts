/** `farfield verify`: what became of a recording since it was made is told apart. */
import { copyFile, mkdir, mkdtemp, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seal, type Certificate } from '#engine/recorder/certificate.ts'
import { verify } from '#engine/recorder/verify.ts'
import { WavFile } from '#engine/recorder/wav-file.ts'
import { finalHeader, wavHeader } from '#engine/recorder/wav/header.ts'
import { CliProcess, expectSentence, jsonLines, runCli } from '../support/cli.ts'
import { noiseBytes } from '../support/node-sound.ts'

/** 25 s: two whole pieces with a checksum of their own and a half. */
const FORMAT = { format: 's16', channels: 1, rate: 8000 } as const
const FRAMES = 200_000
const HEAD = wavHeader(FORMAT).length
const SAMPLES = Buffer.from(noiseBytes(2 * FRAMES))

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-verify-'))
  path = join(folder, 'take.wav')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function record(stem = 'take', into = folder, gap = false): Promise<Certificate> {
  const file = await WavFile.create(into, stem, { format: FORMAT, stream: 1n, first: 1000n })
  await file.write(1000n, [SAMPLES])
  const ledger = {
    take: { id: 'take', group: 'group', part: 1, resumed: 0 },
    node: { name: 'attic', address: 'tcp://127.0.0.1:5555' },
    program: 'farfield',
    format: FORMAT,
    stream: 1n,
    first: 1000n,
    end: 1000n + BigInt(FRAMES),
    utcNs: 0n,
    lost: gap ? [{ from: 9000n, to: 11_720n, cause: 'network' as const }] : [],
    repairs: [],
    markers: [],
  }
  let certificate: Certificate | undefined
  await file.finish({
    markers: [{ frame: 7, label: 'x' }],
    witness: async (audio) => void (certificate = await seal(into, ledger, audio)),
  })
  return certificate!
}

async function poke(at: number, bytes: Buffer): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, at)
  await file.close()
}

/** One bit of one sample. */
async function flip(frame: number): Promise<void> {
  await poke(HEAD + 2 * frame, Buffer.from([SAMPLES[2 * frame]! ^ 1]))
}

/** Whatever was behind the sound is cut away, and the head says so. */
async function cutTo(frames: number): Promise<void> {
  await truncate(path, HEAD + 2 * frames)
  await poke(0, finalHeader(FORMAT, 2 * frames))
}

test('an untouched recording is good', async () => {
  const certificate = await record()
  const good = { file: path, state: 'good', sentence: 'The sound is what was recorded.', certificate }
  expect(await verify(path)).toEqual(good)
  expect(await verify(`${path}.json`)).toEqual(good)
})

describe('a changed sample', () => {
  test.each([
    [0, 0, 10],
    [79_999, 0, 10],
    [80_000, 10, 20],
    [199_999, 20, 25],
  ])('%i is found between %i and %i s', async (frame, from, to) => {
    await record()
    await flip(frame)
    const found = await verify(path)
    expect(found).toMatchObject({ state: 'changed', changed: { from, to }, differs: { figure: 'sha256' } })
    expect(found.sentence).toBe(
      `Sound between 0:${String(from).padStart(2, '0')}.000 and 0:${to}.000 is not what was recorded.`,
    )
  })

  test('at both ends is told from the first to the last', async () => {
    await record()
    await flip(0)
    await flip(199_999)
    expect((await verify(path)).changed).toEqual({ from: 0, to: 25 })
  })
})

test('a title added behind the sound changes nothing', async () => {
  await record()
  await cutTo(FRAMES)
  expect((await verify(path)).state).toBe('good')
})

test.each([
  ['with its head as it was', (frames: number) => truncate(path, HEAD + 2 * frames)],
  ['with a head that fits', cutTo],
])('a recording cut off %s is told from a changed one', async (_, cut) => {
  await record()
  await cut(90_000)
  const found = await verify(path)
  expect(found).toMatchObject({ state: 'cut', differs: { figure: 'frames', certified: FRAMES, found: 90_000 } })
  expect(found.sentence).toBe(
    'It is cut off at 0:11.250: 110000 frames (0:13.750) are missing. It has 90000 frames, and 200000 were recorded. The sound up to 0:10.000 is as it was.',
  )
  await flip(5)
  expect((await verify(path)).sentence).toContain('Sound between 0:00.000 and 0:10.000 is not what was recorded, too.')
})

test('one that became longer is told', async () => {
  await record()
  await truncate(path, HEAD + 2 * FRAMES)
  await truncate(path, HEAD + 2 * FRAMES + 2000)
  await poke(0, finalHeader(FORMAT, 2 * FRAMES + 2000))
  const found = await verify(path)
  expect(found).toMatchObject({
    state: 'longer',
    differs: { figure: 'frames', certified: FRAMES, found: FRAMES + 1000 },
  })
  expect(found.changed).toBeUndefined()
})

test.each([
  ['channels', { ...FORMAT, channels: 2 }, 'number of channels is 2, and 1'],
  ['rate', { ...FORMAT, rate: 48_000 }, 'sample rate is 48000, and 8000'],
  ['format', { ...FORMAT, format: 's24' as const }, 'sample format is s24, and s16'],
])('another %s is named first', async (figure, other, words) => {
  await record()
  await writeFile(path, Buffer.concat([finalHeader(other, 6000), Buffer.alloc(6000)]))
  const found = await verify(path)
  expect(found).toMatchObject({ state: 'format', differs: { figure } })
  expect(found.sentence).toContain(words)
})

describe('what cannot be told', () => {
  const states = async (...files: string[]): Promise<string[]> =>
    Promise.all(files.map(async (file) => (await verify(join(folder, file))).state))

  test('is said for what it is', async () => {
    await record()
    await rename(`${path}.json`, join(folder, 'aside'))
    expect(await states('take.wav', 'none.wav', 'x.wav.part')).toEqual(['no-certificate', 'unreadable', 'unfinished'])
    await writeFile(`${path}.json`, '{"certificate":1')
    expect(await states('take.wav')).toEqual(['bad-certificate'])
    await copyFile(join(folder, 'aside'), `${path}.json`)
    expect(await states('take.wav')).toEqual(['good'])
    await writeFile(path, 'a letter')
    expect(await states('take.wav')).toEqual(['unreadable'])
    await rm(path)
    expect(await verify(path)).toMatchObject({ state: 'unreadable', sentence: expect.stringContaining('is gone') })
    await writeFile(`${path}.part`, '')
    await rm(`${path}.json`)
    expect(await verify(path)).toMatchObject({ sentence: expect.stringContaining('not finished') })
  })

  test('a certificate whose checksum was changed does not make a recording good', async () => {
    await record()
    const text = await readFile(`${path}.json`, 'utf8')
    await writeFile(`${path}.json`, text.replace(/"sha256": "./, '"sha256": "x'))
    expect(await states('take.wav')).toEqual(['bad-certificate'])
    await writeFile(`${path}.json`, text.replace(/"sha256": "[0-9a-f]{8}/, '"sha256": "00000000'))
    expect(await states('take.wav')).toEqual(['changed'])
  })
})

describe('farfield verify', () => {
  test('checks a folder and what is inside it, and ends with 1 when one of them is not good', async () => {
    await record('a', folder, true)
    await mkdir(join(folder, 'rack'))
    await record('b', join(folder, 'rack'))
    const good = await runCli(['verify', folder])
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(good.stdout).toMatch(/a\.wav: good\. .* Not complete: 340 ms of 0:25\.000 is missing in 1 gap \(network\)/)
    expect(good.stdout).toMatch(/ {2}340 ms at 0:01\.000 is lost and stays silent/)
    expect(good.stdout).toMatch(/2 of 2 recordings are good\.\n$/)
    await rm(join(folder, 'rack', 'b.wav'))
    const gone = await runCli(['verify', folder])
    expectSentence(gone, 1, /b\.wav: There is a certificate, but the recording itself is gone\./)
    expect(gone.stdout).toMatch(/1 of 2 recordings are good, 1 not\.\n$/)
  })

  test('prints one object a file, and takes what a shell makes of take*', async () => {
    await record()
    const { code, stdout } = await runCli(['verify', '--json', path, `${path}.json`, join(folder, 'none.wav')])
    expect(code).toBe(1)
    expect(jsonLines(stdout)).toMatchObject([
      { file: path, state: 'good', certificate: { verdict: { whole: true } } },
      { file: join(folder, 'none.wav'), state: 'unreadable' },
    ])
  })

  test('says how it is used', async () => {
    expectSentence(await runCli(['verify']), 2, /It needs a recording, or a folder of recordings/)
    expectSentence(await runCli(['verify', '--nonsense', path]), 2, /--nonsense/)
    await mkdir(join(folder, 'empty'))
    expectSentence(await runCli(['verify', join(folder, 'empty')]), 1, /There is no recording in this folder/)
  })

  test('can be interrupted in a long recording', { timeout: 60_000 }, async () => {
    await record('first')
    const certificate = await record()
    const frames = (5 * 2 ** 30) / 2
    const { audio } = certificate
    const pieces = Math.ceil(frames / (audio.pieceSeconds * FORMAT.rate))
    const long = { ...audio, frames, bytes: 2 * frames, crc32: '0'.repeat(8 * pieces) }
    await writeFile(`${path}.json`, JSON.stringify({ ...certificate, audio: long }))
    await truncate(path, HEAD)
    await truncate(path, HEAD + 2 * frames)
    await poke(0, finalHeader(FORMAT, 2 * frames))
    const cli = new CliProcess(['verify', join(folder, 'first.wav'), path])
    await cli.says('first.wav: good.')
    const ended = await cli.stop()
    expectSentence(ended, 1, /Stopped before its end\./)
  })
})
