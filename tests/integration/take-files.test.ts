import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { request, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { handOut } from '#engine/recorder/hand-out.ts'
import { playedHeader } from '#engine/recorder/wav/played-header.ts'
import { DisposableStore } from '#shared/lifecycle.ts'
import { readWavHead } from '#shared/wav.ts'
import { hashPassword } from '#web/password.ts'
import type { WebHost } from '#web/host.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { openStation, until, type TestStation } from '../support/station.ts'
import { cookieOf, logIn, start } from '../support/web.ts'

const run = promisify(execFile)
let store = new DisposableStore()
afterEach(close)

async function close(): Promise<void> {
  const ended = store
  store = new DisposableStore()
  await ended.dispose()
}

interface Bytes {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

function fetchBytes(web: WebHost, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: web.port, path, method, headers, agent: false }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) }),
      )
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** A workstation with a take of `seconds` of a counting node, finished unless `stop` is false. */
async function recorded(args: readonly string[], seconds = 0.5, stop = true) {
  const node = await startNodeProcess(['--name', 'Attic', '--source', 'tone:pink:-20', ...args])
  store.defer(async () => void (await node.stop()))
  const opened = await openStation()
  store.defer(() => opened.close())
  const key = await opened.connect(node.url)
  const started = await opened.screen.call('record.start', { nodes: [key], ...(stop ? { seconds } : {}) })
  if (!started.ok) throw new Error(started.fault.message)
  const take = started.value.takes[0]!
  const state = stop ? 'finished' : 'recording'
  await until(opened.screen, () => opened.take(take).state === state && opened.take(take).files.length === 1)
  return { opened, take, file: join(opened.take(take).folder, opened.take(take).files[0]!) }
}

function hosted({ station }: TestStation, options: Parameters<typeof start>[1] = {}): Promise<WebHost> {
  return start(store, { takeFile: (file) => station.recorder.ended.handOut(file), ...options })
}

/** What another program decodes from a file, as 64-bit floats. */
async function decoded(file: string): Promise<Float64Array> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'f64le', '-'], {
    encoding: 'buffer',
    maxBuffer: 1 << 28,
  })
  return new Float64Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length))
}

test('a finished file is given whole, by stretches, and never as a stretch of another one', async () => {
  const { opened, take, file } = await recorded([])
  const web = await hosted(opened)
  const path = `/takes/${take}/0.wav`
  const disk = await readFile(file)

  const whole = await fetchBytes(web, path)
  expect(whole.status).toBe(200)
  expect(whole.body.equals(disk)).toBe(true)
  expect(whole.headers).toMatchObject({
    'accept-ranges': 'bytes',
    'content-type': 'audio/wav',
    'content-length': `${disk.length}`,
  })
  expect(whole.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''Attic.*\.wav$/)
  const tag = whole.headers['etag']!

  const head = await fetchBytes(web, path, {}, 'HEAD')
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, `${disk.length}`, 0])

  const end = disk.length - 1
  for (const [range, from, to] of [
    ['bytes=100-199', 100, 199],
    [`bytes=${end}-`, end, end],
    ['bytes=70000-200000', 70_000, Math.min(200_000, end)],
    ['bytes=-10', end - 9, end],
  ] as const) {
    const part = await fetchBytes(web, path, { Range: range, 'If-Range': tag })
    expect(part.status, range).toBe(206)
    expect(part.headers['content-range'], range).toBe(`bytes ${from}-${to}/${disk.length}`)
    expect(part.body.equals(disk.subarray(from, to + 1)), range).toBe(true)
  }
  const beyond = await fetchBytes(web, path, { Range: `bytes=${disk.length}-` })
  expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${disk.length}`])
  for (const headers of [
    { Range: 'bytes=0-9', 'If-Range': '"another"' },
    { Range: 'bytes=9-0' },
    { Range: 'bytes=0-1,5-6' },
    { Range: 'words=0-9' },
  ])
    expect((await fetchBytes(web, path, headers)).status, JSON.stringify(headers)).toBe(200)

  const certificate = await fetchBytes(web, `${path}.json`)
  expect(JSON.parse(certificate.body.toString())).toMatchObject({ certificate: 1, verdict: { whole: true } })
})

test('what is played is what was recorded, of every sample format, by whole and by stretches', async () => {
  for (const [format, channels, heard] of [
    ['s16', 1, 'pair'],
    ['s24', 3, 'pair'],
    ['s32', 2, 'pair'],
    ['f32', 2, 'pair'],
    ['s24', 4, 'mix'],
    ['s24', 4, 'channel-3'],
  ] as const) {
    const what = `${format}, ${channels} channels, ${heard}`
    const { opened, take, file } = await recorded(['--format', format, '--channels', `${channels}`], 0.3)
    const web = await hosted(opened)
    const path = `/takes/${take}/0.${heard}.wav`
    const { body } = await fetchBytes(web, path)
    const copy = join(opened.folder, 'played.wav')
    await writeFile(copy, body)
    const [played, original] = [await decoded(copy), await decoded(file)]
    const width = heard === 'pair' ? Math.min(2, channels) : 1
    expect(played.length / width, what).toBe(original.length / channels)
    expect(played.length, what).toBe(0.3 * 48_000 * width)
    expect(Math.max(...played.map(Math.abs)), `${what}: it sounds`).toBeGreaterThan(0.01)
    let worst = 0
    for (let frame = 0; frame < original.length / channels; frame++) {
      const sound = original.subarray(frame * channels, (frame + 1) * channels)
      const wanted =
        heard === 'pair'
          ? sound.subarray(0, width)
          : [heard === 'mix' ? sound.reduce((a, b) => a + b) / channels : sound[2]!]
      for (const [c, value] of wanted.entries()) worst = Math.max(worst, Math.abs(value - played[frame * width + c]!))
    }
    // A float holds 24 bits; only of 32-bit samples and of means something is rounded.
    expect(worst, what).toBeLessThanOrEqual(format === 's32' || heard === 'mix' ? 2 ** -24 : 0)
    for (const [from, to] of [
      [0, 9],
      [40, 47],
      [1001, 1003],
      [65_533, 70_001],
    ] as const) {
      const part = await fetchBytes(web, path, { Range: `bytes=${from}-${to}` })
      expect(part.body.equals(body.subarray(from, to + 1)), `${what}: ${from} to ${to}`).toBe(true)
    }
    await close()
  }
}, 60_000)

test('what cannot be given is answered with a sentence', async () => {
  const { opened, take, file } = await recorded([])
  const web = await hosted(opened)
  for (const path of [
    `/takes/${take}/1.wav`,
    `/takes/${take}/0.channel-9.wav`,
    '/takes/00000000-0000-0000-0000-000000000000/0.wav',
    `/takes/${take}/0`,
    `/takes/${take}/../0.wav`,
    `/takes/${take}/0.wav/../../../../etc/passwd`,
    '/takes/..%2f..%2fetc%2fpasswd/0.wav',
    `/takes/${take}/%2e%2e/0.wav`,
  ]) {
    const answer = await fetchBytes(web, path)
    expect(answer.status, path).toBe(404)
    expect(answer.body.toString(), path).toMatch(/^[A-Z].*\.$/)
    expect(answer.body.toString(), path).not.toContain(opened.folder)
  }
  expect((await fetchBytes(web, `/takes/${take}/0.wav`, {}, 'POST')).status).toBe(405)
  await unlink(file)
  const gone = await fetchBytes(web, `/takes/${take}/0.pair.wav`)
  expect([gone.status, gone.body.toString()]).toEqual([404, expect.stringContaining('moved, renamed or deleted')])
})

test('a recording that is not finished is not played', async () => {
  const { opened, take } = await recorded([], 0, false)
  const web = await hosted(opened)
  const answer = await fetchBytes(web, `/takes/${take}/0.pair.wav`)
  expect([answer.status, answer.body.toString()]).toEqual([
    409,
    'The recording of Attic is not finished yet. Stop it first.',
  ])
})

test('a stranger gets no sound', async () => {
  const { opened, take } = await recorded([])
  const web = await hosted(opened, { requireLogin: true, password: await hashPassword('open sesame') })
  const path = `/takes/${take}/0.wav`
  expect((await fetchBytes(web, path)).status).toBe(401)
  expect((await fetchBytes(web, path, { Host: 'evil.example' })).status).toBe(421)
  const cookie = cookieOf(await logIn(web, 'open sesame'))
  expect((await fetchBytes(web, path, { Cookie: cookie, Range: 'bytes=0-3' })).body.toString()).toBe('RIFF')
  const { headers } = await fetchBytes(web, path, { Cookie: cookie })
  expect(headers['cross-origin-resource-policy'], 'no page of another site embeds it').toBe('same-origin')
})

test('a check tells how far it is, one at a time', async () => {
  const { opened, take } = await recorded([])
  const { screen } = opened
  const shares = new Set<number | undefined>()
  const watching = screen.onState(() => shares.add(opened.take(take).verifying))
  const [first, second] = await Promise.all([
    screen.call('take.verify', { take }),
    screen.call('take.verify', { take }),
  ])
  await watching.dispose()
  expect(first).toMatchObject({ ok: true, value: { files: [{ good: true }] } })
  expect(second).toMatchObject({ ok: false, fault: { code: 'busy' } })
  expect([...shares].some((share) => share !== undefined && share >= 0 && share <= 1)).toBe(true)
  expect(opened.take(take).verifying).toBeUndefined()
})

test('a take that is off the list is not handed out, and comes back with its files', async () => {
  const { opened, take, file } = await recorded([])
  const { screen } = opened
  const web = await hosted(opened)
  expect(await screen.call('take.remove', { takes: [take] })).toMatchObject({ ok: true })
  expect(screen.state!.takes).toEqual([])
  expect((await fetchBytes(web, `/takes/${take}/0.wav`)).status).toBe(404)
  expect((await readFile(file)).length).toBeGreaterThan(0)
  expect(await screen.call('take.restore', { takes: [take] })).toMatchObject({ ok: true })
  expect(opened.take(take).verdict?.whole).toBe(true)
  expect((await fetchBytes(web, `/takes/${take}/0.wav`)).status).toBe(200)
  expect(await screen.call('take.remove', { takes: ['nobody'] })).toMatchObject({ fault: { code: 'not-found' } })
  expect(await screen.call('take.reveal', { take, file: 0 }), 'there is no desktop').toMatchObject({ ok: false })
})

test('a marker gets another label until its file is finished', async () => {
  const { opened, take } = await recorded([], 0, false)
  const { screen } = opened
  const marked = await screen.call('record.mark', { takes: [], label: 'Marker 1' })
  if (!marked.ok) throw new Error(marked.fault.message)
  expect(marked.value.marks).toEqual([{ take, number: 0 }])
  const label = (text: string) => screen.call('record.label', { marks: marked.value.marks, label: text })
  expect(await label('Door')).toMatchObject({ ok: true })
  expect(opened.take(take).markers).toMatchObject([{ number: 0, label: 'Door' }])
  expect(await screen.call('take.remove', { takes: [take] }), 'it is being recorded').toMatchObject({
    fault: { code: 'busy' },
  })
  await screen.call('record.stop', { takes: [] })
  expect(await label('Window')).toMatchObject({ ok: false, fault: { code: 'not-found' } })
  expect(opened.take(take).markers).toMatchObject([{ number: 0, label: 'Door' }])
})

test('who goes away in the middle leaves no file open', async () => {
  const { opened, take } = await recorded([], 2)
  const web = await hosted(opened)
  const path = `/takes/${take}/0.pair.wav`
  const first = await new Promise<Buffer>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: web.port, path, agent: false }, (response) => {
      response.once('data', (piece: Buffer) => {
        asked.destroy()
        resolve(piece)
      })
    })
    asked.on('error', reject)
    asked.end()
  })
  expect(first.toString('latin1', 0, 4)).toBe('RIFF')
  const links = async (): Promise<string> =>
    (await run('ls', ['-l', '/proc/self/fd', `/proc/${process.pid}/fd`])).stdout
  await expect.poll(links).not.toContain('.wav')
})

test('the head of a stream beyond 4 GB is RF64, which other programs read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-played-'))
  store.defer(() => rm(folder, { recursive: true }))
  const format = { format: 'f32', channels: 2, rate: 48_000 } as const
  for (const frames of [48_000, 48_000 * 3600 * 5]) {
    const head = readWavHead(playedHeader(format, frames))
    expect(head.ok && head.value.format).toEqual(format)
    expect(head.ok && head.value.dataBytes).toBe(frames * 8)
  }
  const file = join(folder, 'long.wav')
  await writeFile(file, playedHeader(format, 48_000 * 3600 * 5))
  await run('truncate', ['-s', `${80 + 48_000 * 3600 * 5 * 8}`, file])
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', file])
  expect(Number(stdout)).toBe(18_000)
  const opened = await handOut(file, { heard: 'pair' })
  if (!opened.ok) throw new Error(opened.fault.message)
  const { value } = opened
  const { bytes } = value
  expect(bytes).toBe(80 + 48_000 * 3600 * 5 * 8)
  for await (const piece of value.read(bytes - 3, bytes)) expect(piece.length).toBe(3)
  await value.close()
})
