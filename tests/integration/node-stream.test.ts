import { frameBytes, SAMPLE_FORMATS } from '#shared/pcm.ts'
import { startNode } from '#producer/node.ts'
import { checkCount } from '#producer/sources/tone/count.ts'
import { FLAG_DISCONTINUITY } from '#wire/packet.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePortPair, startNodeProcess } from '../support/node-process.ts'
import { noiseBytes, wavFile } from '../support/node-sound.ts'
import { NodeSubscriber, type ReceivedBlock } from '../support/node-subscriber.ts'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'farfield-node-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Every block follows the one before: no gap, no repeat, times going forward. */
function expectContiguous(blocks: readonly ReceivedBlock[]): void {
  for (const [i, { header }] of blocks.entries()) {
    const before = blocks[i - 1]?.header
    if (!before) continue
    expect(header.stream).toBe(before.stream)
    expect(header.sequence).toBe(before.sequence + 1n)
    expect(header.firstFrame).toBe(before.firstFrame + BigInt(before.frames))
    expect(header.monotonicNs).toBeGreaterThan(before.monotonicNs)
  }
}

describe('counting node', () => {
  test.each(SAMPLE_FORMATS)('sends every frame once, in order, as %s', async (format) => {
    const endpoint = `inproc://count-${format}`
    const seen = new NodeSubscriber(endpoint)
    const node = await startNode({ source: 'tone:count', endpoint, format, channels: 3, rate: 44_100 })
    expect(node.ok).toBe(true)
    await seen.until((s) => s.blocks.length >= 60)
    if (node.ok) await node.value.stop()
    seen.close()
    expect(seen.blocks[0]!.header.firstFrame).toBe(0n)
    expectContiguous(seen.blocks)
    for (const { header, samples } of seen.blocks) {
      expect(header).toMatchObject({ format, channels: 3, rate: 44_100, frames: 441, flags: 0 })
      expect(checkCount(samples, header, header.firstFrame)).toEqual({ wrong: 0 })
    }
  })

  test('goes on in real time after the process was stopped, and counts what it missed', async () => {
    const node = await startNodeProcess(['--source', 'tone:count'])
    const seen = new NodeSubscriber(node.url)
    await seen.until((s) => s.blocks.length > 20)
    node.child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 3000))
    node.child.kill('SIGCONT')
    await seen.until((s) => s.blocks.some((b) => b.header.flags === FLAG_DISCONTINUITY))
    const at = seen.blocks.findIndex((b) => b.header.flags === FLAG_DISCONTINUITY)
    await seen.until((s) => s.blocks.length > at + 20 && (s.metas.at(-1)?.counters.overruns ?? 0) > 0)
    expect(await node.stop()).toMatchObject({ code: 0 })
    seen.close()
    const before = seen.blocks[at - 1]!.header
    const after = seen.blocks[at]!.header
    const missing = Number(after.firstFrame - before.firstFrame) - before.frames
    expect(missing / 48_000).toBeGreaterThan(2.8)
    expect(seen.metas.at(-1)!.counters).toMatchObject({ overruns: 1, overrunFrames: missing })
    expect(after.sequence).toBe(before.sequence + 1n)
    // Position went on with the clock: what is between them is what the clock says.
    const span = Number(after.monotonicNs - before.monotonicNs) / 1e9
    expect(Math.abs(span - Number(after.firstFrame - before.firstFrame) / 48_000)).toBeLessThan(0.001)
    expectContiguous(seen.blocks.slice(0, at))
    expectContiguous(seen.blocks.slice(at))
    for (const { header, samples } of seen.blocks)
      expect(checkCount(samples, header, header.firstFrame)).toEqual({ wrong: 0 })
  })
})

describe('file node', () => {
  const format = { format: 's24', channels: 2, rate: 48_000 } as const
  const frames = 30_011
  const samples = noiseBytes(frames * frameBytes(format))

  test('repeats a file bit for bit, at the speed of a device', async () => {
    const file = join(folder, 'loop.wav')
    await writeFile(file, wavFile(format, samples))
    const seen = new NodeSubscriber('inproc://loop')
    const node = await startNode({ source: `wav:${file}`, endpoint: 'inproc://loop' })
    expect(node.ok && node.value.meta().source).toEqual({
      kind: 'wav',
      label: 'loop.wav',
      simulated: false,
      state: 'running',
    })
    await seen.until((s) => s.blocks.length >= 200)
    if (node.ok) await node.value.stop()
    seen.close()
    expectContiguous(seen.blocks)
    const size = frameBytes(format)
    for (const { header, samples: got } of seen.blocks) {
      expect(header).toMatchObject(format)
      const expected = Uint8Array.from(
        { length: got.byteLength },
        (_, i) => samples[(Number(header.firstFrame) * size + i) % samples.byteLength]!,
      )
      expect(Buffer.compare(got, expected)).toBe(0)
    }
    const first = seen.blocks[0]!
    const last = seen.blocks.at(-1)!
    const played = Number(last.header.firstFrame - first.header.firstFrame) / format.rate
    expect(Math.abs(Number(last.header.monotonicNs - first.header.monotonicNs) / 1e9 - played)).toBeLessThan(1e-6)
    expect(Math.abs(Number(last.arrivedNs - first.arrivedNs) / 1e9 - played)).toBeLessThan(0.1)
  })

  test('plays a file once to its last frame, says so and ends', async () => {
    const file = join(folder, 'once.wav')
    await writeFile(file, wavFile(format, samples))
    const port = await freePortPair()
    const seen = new NodeSubscriber('inproc://once')
    const node = await startNode({ source: `wav:${file}`, once: true, endpoint: 'inproc://once' })
    if (!node.ok) throw new Error(node.fault.message)
    await node.value.ended
    await seen.until((s) => s.metas.at(-1)?.source.state === 'ended')
    await node.value.stop()
    seen.close()
    expect(Buffer.compare(Buffer.concat(seen.blocks.map((b) => b.samples)), samples)).toBe(0)
    expect(seen.blocks.at(-1)!.header.frames).toBe(frames % 480)

    const command = await startNodeProcess(['--source', `wav:${file}`, '--once'], { port })
    expect(await command.ended).toMatchObject({ code: 0 })
  })
})
