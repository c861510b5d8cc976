import { checkCount } from '#producer/sources/tone/count.ts'
import { parseReply } from '#wire/control.ts'
import { PROTOCOL_VERSION } from '#wire/packet.ts'
import { SERVICE_TYPE } from '#wire/topics.ts'
import bonjour from 'bonjour-service'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Dealer, Request } from 'zeromq'
import { freePortPair, runNodeProcess, startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { NodeSubscriber } from '../support/node-subscriber.ts'

const COUNT = ['--source', 'tone:count', '--log-level', 'error']
const run = promisify(execFile)

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-command-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

const nodes: NodeProcess[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.stop())))

async function start(args: readonly string[], options = {}): Promise<NodeProcess> {
  const node = await startNodeProcess(args, options)
  nodes.push(node)
  return node
}

/** One sentence, no stack trace. */
function expectSentence(stderr: string, pattern: RegExp): void {
  expect(stderr).toMatch(pattern)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/)
}

describe('ends', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('cleanly on %s within a second', async (signal) => {
    const node = await start(COUNT)
    const began = performance.now()
    expect(await node.stop(signal)).toMatchObject({ code: 0, stderr: '' })
    expect(performance.now() - began).toBeLessThan(1000)
    expect(node.stdout).toBe(`farfield-node: "${hostname()}" on ${node.url} · 48 kHz · 2 ch · s32 · tone:count\n`)
  })

  test.each([0, 1])('with 1 and a sentence when port + %i is taken', async (offset) => {
    const port = await freePortPair()
    const other = createServer().listen(port + offset, '127.0.0.1')
    await once(other, 'listening')
    const ended = await runNodeProcess(COUNT, { port })
    other.close()
    expect(ended.code).toBe(1)
    expectSentence(ended.stderr, new RegExp(`tcp://127.0.0.1:${port + offset} is already in use`))
  })

  test('with 2 and a sentence on a file that is no sound', async () => {
    const text = join(folder, 'text.wav')
    await writeFile(text, 'no sound at all')
    for (const [source, sentence] of [
      [text, /is not a WAV file/],
      [join(folder, 'none.wav'), /There is no such file/],
      [folder, /is not a file/],
    ] as const) {
      const ended = await runNodeProcess(['--source', `wav:${source}`])
      expect(ended.code).toBe(2)
      expectSentence(ended.stderr, sentence)
    }
  })

  test('with 2, a sentence and the line on a calibration file that is none', async () => {
    const file = join(folder, 'mic.txt')
    for (const [content, sentence] of [
      ['20 1.0\n30 0.5\nforty 0.2\n', /line 3: expected a frequency/],
      ['<!DOCTYPE html>\n', /line 1: this is a web page/],
      [Buffer.from('\ufeff20 1\n30 2\n', 'utf16le'), /line 1: this is UTF-16/],
      [Buffer.from([50, 48, 10, 0, 1]), /line 2: this is not a text file/],
    ] as const) {
      await writeFile(file, content)
      const ended = await runNodeProcess([...COUNT, '--calibration', file])
      expect(ended.code).toBe(2)
      expectSentence(ended.stderr, sentence)
    }
  })

  test.each([
    [['--rate', '48k'], /--rate must be a whole number from 8000 to 384000/],
    [['--source', 'radio:fm'], /"radio" is not a source/],
    [['--loud'], /Unknown option '--loud'/],
    [['--source', 'tone:sine:1000:6'], /level of tone:sine must be a number from -200 to 0/],
    [['--device', 'pulse', '--source', 'tone:sine'], /not both/],
  ])('with 2 and a sentence on %j', async (args, sentence) => {
    const ended = await runNodeProcess(args)
    expect(ended.code).toBe(2)
    expectSentence(ended.stderr, sentence)
  })
})

test('passes the calibration file on, with its serial number', async () => {
  const file = join(folder, 'umik.txt')
  const text = '"Sens Factor =-1.378dB, SERNO: 7023270"\n20.0\t-1.2\n1000\t0.0\n'
  await writeFile(file, text)
  const node = await start([...COUNT, '--calibration', file, '--name', 'Attic "2"', '--id', 'attic-2'])
  const seen = new NodeSubscriber(node.url)
  await seen.until((s) => s.metas.length > 0)
  seen.close()
  expect(seen.metas[0]).toMatchObject({
    id: 'attic-2',
    name: 'Attic "2"',
    source: { kind: 'tone', label: 'count', simulated: true },
    calibration: { file: 'umik.txt', text, serial: '7023270' },
  })
})

test('keeps its id over restarts', async () => {
  const port = await freePortPair()
  const ids: string[] = []
  for (let i = 0; i < 2; i++) {
    const node = await start(COUNT, { port })
    const seen = new NodeSubscriber(node.url)
    await seen.until((s) => s.metas.length > 0)
    seen.close()
    ids.push(seen.metas[0]!.id)
    await node.stop()
  }
  expect(ids[0]).toBe(ids[1])
})

describe('control', () => {
  async function ask(socket: Dealer | Request, request: string): Promise<ReturnType<typeof parseReply>> {
    await socket.send(request)
    return parseReply((await socket.receive()).at(-1)!.toString(), PROTOCOL_VERSION)
  }

  test('answers hello and time to DEALER and REQ, refuses other things in words and survives junk', async () => {
    const node = await start(COUNT)
    const url = `tcp://127.0.0.1:${node.port + 1}`
    for (const socket of [
      new Dealer({ linger: 0, receiveTimeout: 5000 }),
      new Request({ linger: 0, receiveTimeout: 5000 }),
    ]) {
      socket.connect(url)
      const hello = await ask(socket, '{"v":1,"id":7,"op":"hello"}')
      expect(hello).toMatchObject({ ok: true, value: { id: 7, op: 'hello', meta: { stream: { rate: 48_000 } } } })
      const t1 = process.hrtime.bigint()
      const time = await ask(socket, `{"v":1,"id":8,"op":"time","t1":"${t1}"}`)
      const t4 = process.hrtime.bigint()
      if (!time.ok || time.value.op !== 'time') throw new Error('no time')
      const { t2, t3, utc } = time.value.time
      expect(time.value.time.t1).toBe(t1)
      // One computer, one monotonic clock.
      expect([t1, t2, t3, t4].toSorted((a, b) => (a < b ? -1 : 1))).toEqual([t1, t2, t3, t4])
      expect(Math.abs(Number(utc) / 1e6 - Date.now())).toBeLessThan(1000)
      expect(await ask(socket, '{"v":2,"id":9,"op":"hello"}')).toMatchObject({ value: { id: 9, op: 'error' } })
      expect(await ask(socket, 'no json')).toMatchObject({ value: { id: 0, op: 'error' } })
      socket.close()
    }
    const stranger = connect(node.port + 1, '127.0.0.1')
    stranger.on('error', () => undefined)
    await new Promise<void>((resolve) => stranger.write(Buffer.alloc(100_000, 'GET / HTTP/1.1\r\n'), () => resolve()))
    const long = new Dealer({ linger: 0 })
    long.connect(url)
    await long.send(Buffer.alloc(1_000_000, 0x20))
    const after = new Dealer({ linger: 0, receiveTimeout: 5000 })
    after.connect(url)
    expect(await ask(after, '{"v":1,"id":1,"op":"hello"}')).toMatchObject({ ok: true })
    stranger.destroy()
    long.close()
    after.close()
  })
})

describe('announces itself', () => {
  test('by DNS-SD where it listens, and says goodbye', async () => {
    const node = await start([...COUNT, '--name', 'Attic', '--id', 'attic-9'], { advertise: true })
    const options = { interface: '127.0.0.1', bind: '0.0.0.0' } as object
    const finder = new bonjour.Bonjour(options)
    const browser = finder.find({ type: SERVICE_TYPE })
    const found = new Promise<InstanceType<typeof bonjour.Service>>((resolve) =>
      browser.on('up', (service: InstanceType<typeof bonjour.Service>) => {
        if (service.port === node.port) resolve(service)
      }),
    )
    const service = await found
    expect(service.name).toBe('Attic (attic-9)')
    expect(service.txt).toMatchObject({ id: 'attic-9', v: '1', name: 'Attic' })
    expect(service.txt).toHaveProperty('sw', expect.stringMatching(/^farfield-node \d/))
    const gone = new Promise<void>((resolve) =>
      browser.on('down', (down: InstanceType<typeof bonjour.Service>) => {
        if (down.name === service.name) resolve()
      }),
    )
    const began = performance.now()
    expect(await node.stop()).toMatchObject({ code: 0, stderr: '' })
    expect(performance.now() - began).toBeLessThan(1000)
    await gone
    await new Promise<void>((resolve) => finder.destroy(() => resolve()))
  })

  test('though another node has the same name and id', async () => {
    const args = [...COUNT, '--name', 'Twin', '--id', 'twin']
    const first = await start(args, { advertise: true })
    const second = await start(args, { advertise: true })
    const seen = new NodeSubscriber(second.url)
    await seen.until((s) => s.metas.length > 1)
    seen.close()
    expect(await first.stop()).toMatchObject({ code: 0, stderr: '' })
    expect(await second.stop()).toMatchObject({ code: 0, stderr: '' })
  })
})

test.each(['s16', 's24', 's32', 'f32'] as const)('the Python example reads every %s sample right', async (format) => {
  const node = await start([...COUNT, '--format', format])
  const raw = join(folder, `${format}.raw`)
  const script = fileURLToPath(new URL('../../docs/examples/subscriber.py', import.meta.url))
  const { stdout } = await run('/usr/bin/python3', [script, node.url, '--seconds', '1.5', '--raw', raw, '--json'])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>)
  expect(lines.find((line) => line['meta'])!['meta']).toMatchObject({ protocol: 1, source: { simulated: true } })
  const summary = lines.at(-1)!['summary']!
  expect(summary).toMatchObject({ frames: 72_000, bad: 0, late: 0, missing: 0, format, channels: 2, rate: 48_000 })
  const samples = await readFile(raw)
  expect(samples.byteLength).toBe(72_000 * 2 * { s16: 2, s24: 3, s32: 4, f32: 4 }[format])
  expect(checkCount(samples, { format, channels: 2, rate: 48_000 }, BigInt(summary['first'] as number))).toEqual({
    wrong: 0,
  })
})
