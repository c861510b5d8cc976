import { DisposableStore } from '#shared/lifecycle.ts'
import { checkCount } from '#producer/sources/tone/count.ts'
import { FLAG_DISCONTINUITY } from '#wire/packet.ts'
import { readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { runNodeProcess, startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { noiseBytes, wavFile } from '../support/node-sound.ts'
import { NodeSubscriber } from '../support/node-subscriber.ts'
import { SoundServer } from '../support/sound-server.ts'

let open = new DisposableStore()
afterEach(async () => {
  await open.dispose()
  open = new DisposableStore()
})

async function startHeard(
  args: readonly string[],
  env: Record<string, string>,
): Promise<[NodeProcess, NodeSubscriber]> {
  const node = await startNodeProcess(args, { env })
  const seen = new NodeSubscriber(node.url)
  open.defer(() => seen.close())
  open.defer(async () => void (await node.stop()))
  return [node, seen]
}

function captureChild(node: NodeProcess): number {
  return Number(readFileSync(`/proc/${node.child.pid}/task/${node.child.pid}/children`, 'utf8').trim())
}

/** Whether a process runs; one that has ended and waits to be reaped does not. */
function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

describe('through a sound server', () => {
  let server: SoundServer
  beforeAll(async () => void (server = await SoundServer.start()))
  afterAll(() => server.stop())

  test.each(['s32', 's16'] as const)('captures what is played, bit for bit, as %s', async (format) => {
    const stream = { format, channels: 2, rate: 48_000 } as const
    // s16 into the server's 32 bits and back is exact; full-scale noise would hide nothing.
    const samples = noiseBytes(2 * 48_000 * (format === 's16' ? 4 : 8), 7)
    const file = join(server.folder, `${format}.wav`)
    await writeFile(file, wavFile(stream, samples))
    const [node, seen] = await startHeard(['--device', 'pulse', '--format', format], server.env)
    await seen.until((s) => s.blocks.length > 10)
    await server.play(file)
    // Played is not yet captured: what is on its way comes within a few blocks.
    const played = seen.blocks.length
    await seen.until((s) => s.blocks.length > played + 30)
    const captured = Buffer.concat(seen.blocks.map((b) => b.samples))
    const at = captured.indexOf(samples.subarray(0, 64))
    expect(at).toBeGreaterThan(0)
    expect(Buffer.compare(captured.subarray(at, at + samples.byteLength), samples)).toBe(0)
    for (const [i, { header }] of seen.blocks.entries()) {
      expect(header).toMatchObject({ ...stream, frames: 480, flags: 0 })
      expect(header.firstFrame - seen.blocks[0]!.header.firstFrame).toBe(BigInt(i * 480))
      if (i > 0) expect(header.monotonicNs).toBeGreaterThan(seen.blocks[i - 1]!.header.monotonicNs)
    }
    expect(seen.metas.at(-1)).toMatchObject({
      source: { kind: 'alsa', label: 'pulse', simulated: false, state: 'running' },
      counters: { overruns: 0, reopened: 0 },
    })
    const child = captureChild(node)
    const began = performance.now()
    expect(await node.stop('SIGINT')).toMatchObject({ code: 0 })
    expect(performance.now() - began).toBeLessThan(1000)
    expect(runs(child)).toBe(false)
  })

  test('says within a second that the sound server died, and begins a new stream when it is back', async () => {
    const [, seen] = await startHeard(['--device', 'pulse'], server.env)
    await seen.until((s) => s.blocks.length > 10 && s.metas.length > 0)
    const first = seen.metas.at(-1)!.stream!.id
    await server.down('SIGKILL')
    await seen.until((s) => s.metas.at(-1)!.source.state === 'lost', 1000)
    expect(seen.metas.at(-1)!.source.message).toMatch(/"pulse" went away/)
    await server.up()
    await seen.until((s) => s.metas.at(-1)!.source.state === 'running')
    const blocks = seen.blocks.length
    await seen.until((s) => s.blocks.length > blocks + 10)
    const meta = seen.metas.at(-1)!
    expect(meta.source.message).toBeUndefined()
    expect(meta.stream!.id).not.toBe(first)
    expect(meta.counters.reopened).toBe(1)
    const fresh = seen.blocks.find((b) => b.header.stream === BigInt(`0x${meta.stream!.id}`))
    expect(fresh?.header).toMatchObject({ sequence: 0n, firstFrame: 0n })
  })

  test('gives up on a device that hangs, and opens it again', async () => {
    const [node, seen] = await startHeard(['--device', 'pulse'], server.env)
    await seen.until((s) => s.blocks.length > 10 && s.metas.length > 0)
    process.kill(captureChild(node), 'SIGSTOP')
    await seen.until((s) => s.metas.at(-1)!.source.state === 'lost', 2500)
    expect(seen.metas.at(-1)!.source.message).toBe('No more sound came from "pulse".')
    await seen.until((s) => s.metas.at(-1)!.counters.reopened === 1)
  })

  test('waits for a sound server that is not there yet when told to, and refuses when not', async () => {
    await server.down('SIGKILL')
    expect(await runNodeProcess(['--device', 'pulse'], { env: server.env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^farfield-node: The sound server behind "pulse" does not answer/),
    })
    const [, seen] = await startHeard(['--device', 'pulse', '--wait'], server.env)
    await seen.until((s) => s.metas.at(-1)?.source.state === 'lost')
    expect(seen.metas.at(-1)!.stream).toBeUndefined()
    await server.up()
    await seen.until((s) => s.blocks.length > 10)
    await seen.until((s) => s.metas.at(-1)!.source.state === 'running')
  })
})

/**
 * A stand-in for arecord that counts frames (s32, 2 channels) in real time and leaves some out, for what no sound
 * server does on demand.
 */
describe('with a device that misbehaves', () => {
  let folder: string
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-arecord-'))))
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function install(script: string): Promise<Record<string, string>> {
    const path = join(folder, 'arecord')
    await writeFile(path, `#!/usr/bin/python3\n${script}`)
    await chmod(path, 0o755)
    return { PATH: `${folder}:${process.env['PATH']}` }
  }

  const COUNTER = `
import signal, struct, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
start = time.monotonic()
frame = 0
def play(seconds):
    global frame
    for _ in range(round(seconds * 100)):
        time.sleep(max(0, start + (frame + 480) / 48000 - time.monotonic()))
        sys.stdout.buffer.write(b''.join(struct.pack('<II', p, p) for p in range(frame, frame + 480)))
        sys.stdout.buffer.flush()
        frame += 480
def skip(seconds):
    global frame
    frame += round(48000 * seconds)
    time.sleep(max(0, start + frame / 48000 - time.monotonic()))
`

  test('counts an overrun where it happened', async () => {
    const env = await install(`${COUNTER}
play(1)
skip(0.4)
print('overrun!!! (at least 400.000 ms long)', file=sys.stderr, flush=True)
play(30)
`)
    const [node, seen] = await startHeard([], env)
    await seen.until((s) => s.blocks.some((b) => b.header.flags === FLAG_DISCONTINUITY))
    const blocks = seen.blocks.length
    await seen.until((s) => s.blocks.length > blocks + 20 && s.metas.at(-1)!.counters.overruns > 0)
    // The report and the sound come by two pipes, so the place of the gap is known to one period of the device.
    const misplaced = seen.blocks.map(({ header, samples }) => checkCount(samples, header, header.firstFrame).wrong)
    expect(misplaced.reduce((sum, wrong) => sum + wrong, 0)).toBeLessThanOrEqual(480)
    expect(misplaced.slice(-10)).toEqual(Array.from({ length: 10 }, () => 0))
    expect(seen.metas.at(-1)!.counters).toMatchObject({ overruns: 1, overrunFrames: 19_200 })
    const began = performance.now()
    expect(await node.stop()).toMatchObject({ code: 0 })
    expect(performance.now() - began).toBeLessThan(1000)
  })

  test('finds frames missing that nobody reported', async () => {
    const env = await install(`${COUNTER}
play(1)
skip(0.6)
play(30)
`)
    const [, seen] = await startHeard([], env)
    await seen.until((s) => s.blocks.some((b) => b.header.flags === FLAG_DISCONTINUITY))
    const { firstFrame } = seen.blocks.find((b) => b.header.flags === FLAG_DISCONTINUITY)!.header
    const { samples } = seen.blocks.find((b) => b.header.firstFrame === firstFrame)!
    const told = new DataView(samples.buffer).getUint32(0, true)
    expect(Math.abs(Number(firstFrame) - told) / 48_000).toBeLessThan(0.03)
  })

  test.each([
    [
      'another rate',
      "sys.stderr.write('Warning: rate is not accurate (requested = 48000Hz, got = 44100Hz)\\n')",
      2,
      /Use|use --rate 44100/,
    ],
    [
      'another format',
      "sys.stderr.write('arecord: set_params:1352: Sample format non available\\nAvailable formats:\\n- S16_LE\\n')",
      2,
      /Use --format s16\./,
    ],
    [
      'a device in use',
      "sys.stderr.write('arecord: main:831: audio open error: Device or resource busy\\n')",
      1,
      /in use by another program/,
    ],
  ])('refuses %s with a sentence', async (_, script, code, sentence) => {
    const env = await install(`import sys\n${script}\nsys.exit(1)\n`)
    const ended = await runNodeProcess(['--device', 'hw:1'], { env })
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(sentence) })
    expect(ended.stderr.trim().split('\n')).toHaveLength(1)
  })

  test('names the package when arecord is missing', async () => {
    const ended = await runNodeProcess([], { env: { PATH: join(folder, 'nothing-here') } })
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Install alsa-utils') })
  })

  test('lists the devices there are when there is no such one', async () => {
    const ended = await runNodeProcess(['--device', 'hw:9,0'])
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(/There is no sound device "hw:9,0"\. There are: .*pulse/)
  })
})
