/** What a take does when its node dies, comes back or comes back different. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { checkCount } from '#producer/sources/tone/count.ts'
import type { TakeView } from '#contract/state.ts'
import { frameBytes, type StreamFormat } from '#shared/pcm.ts'
import { readWavHead } from '#shared/wav.ts'
import { freePortPair, startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { openStation, until, type TestStation } from '../support/station.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function node(port: number, ...args: string[]): Promise<NodeProcess> {
  const started = await startNodeProcess(['--source', 'tone:count', '--name', 'attic', ...args], { port })
  closing.push(() => started.stop())
  return started
}

async function recording(t: TestStation, key: number, seconds?: number): Promise<string> {
  const started = await t.screen.call('record.start', { nodes: [key], ...(seconds === undefined ? {} : { seconds }) })
  if (!started.ok) throw new Error(started.fault.message)
  return started.value.takes[0]!
}

/** Format and frames of each file; every sample of every file is checked against the counting signal. */
async function contents(take: TakeView): Promise<{ format: StreamFormat; first: number; frames: number }[]> {
  return Promise.all(
    take.files.map(async (name) => {
      const bytes = await readFile(join(take.folder, name))
      const head = readWavHead(bytes)
      if (!head.ok) throw new Error(head.fault.message)
      const { format, dataOffset, dataBytes } = head.value
      const samples = bytes.subarray(dataOffset, dataOffset + dataBytes!)
      expect(samples.length).toBe(dataBytes)
      const first = format.format === 's32' ? samples.readUInt32LE(0) : samples.readUInt16LE(0)
      expect(checkCount(samples, format, BigInt(first))).toEqual({ wrong: 0 })
      return { format, first, frames: samples.length / frameBytes(format) }
    }),
  )
}

test('a node that is killed is lost within 4 s; when it is back the take goes on in a new file', async () => {
  const port = await freePortPair()
  const first = await node(port)
  const t = await openStation()
  closing.push(() => t.close())
  const key = await t.connect(first.url)
  const take = await recording(t, key)
  await until(t.screen, () => t.take(take).seconds > 1)
  await first.stop('SIGKILL')
  const killed = performance.now()
  await until(t.screen, () => t.node(key).presence === 'lost', 4000)
  const lost = (performance.now() - killed) / 1000
  expect(lost).toBeGreaterThan(2.5)
  expect(t.node(key).fault).toMatchObject({
    code: 'connection-lost',
    message: expect.stringMatching(/^attic has not been heard for \d s\./) as string,
  })
  expect(t.take(take).state).toBe('recording')
  const before = t.take(take).frames
  await node(port)
  await until(t.screen, () => t.node(key).presence === 'live', 3000)
  await until(t.screen, () => t.take(take).frames > before + 48_000)
  await t.screen.call('record.stop', { takes: [take] })
  const view = t.take(take)
  expect(view).toMatchObject({ state: 'finished', missingFrames: 0 })
  expect(view.files.map((name) => name.replace(/^attic_[\d-]+_[\d-]+/, ''))).toEqual(['.wav', '_part2.wav'])
  const files = await contents(view)
  // From the frame of the click to the end of a whole block of 10 ms, and a new count from the beginning.
  expect((files[0]!.first + files[0]!.frames) % 480).toBe(0)
  expect(files[0]!.frames).toBe(before)
  expect(files[1]!.first).toBeLessThan(48_000 * 3)
  expect(files[0]!.frames + files[1]!.frames).toBe(view.frames)
})

test('a node that comes back with another format gets a second take, and no file mixes the two', async () => {
  const port = await freePortPair()
  const first = await node(port)
  const t = await openStation()
  closing.push(() => t.close())
  const key = await t.connect(first.url)
  const take = await recording(t, key, 3)
  await until(t.screen, () => t.take(take).seconds > 1)
  await first.stop()
  await node(port, '--rate', '44100', '--format', 's16', '--channels', '3')
  await until(t.screen, () => t.screen.state!.takes.length === 2)
  const second = t.screen.state!.takes[0]!.id
  await until(t.screen, () => t.screen.state!.takes.every((v) => v.state === 'finished'))
  expect(t.node(key).format).toEqual({ format: 's16', channels: 3, rate: 44_100 })
  const [a] = await contents(t.take(take))
  const [b] = await contents(t.take(second))
  expect(a!.format).toEqual({ format: 's32', channels: 2, rate: 48_000 })
  expect(b!.format).toEqual({ format: 's16', channels: 3, rate: 44_100 })
  // Three seconds were asked for, whatever the format.
  expect(a!.frames / 48_000 + b!.frames / 44_100).toBeCloseTo(3, 4)
  expect(a!.frames).toBe(t.take(take).frames)
})

test('two takes at once have the lengths that were asked for, to the frame', async () => {
  const one = await node(await freePortPair(), '--name', 'same')
  const two = await node(await freePortPair(), '--name', 'same', '--rate', '44100')
  const t = await openStation()
  closing.push(() => t.close())
  const keys = [await t.connect(one.url), await t.connect(two.url)]
  const started = await t.screen.call('record.start', { nodes: keys, seconds: 1.2345 })
  if (!started.ok) throw new Error(started.fault.message)
  await until(t.screen, () => started.value.takes.every((id) => t.take(id).state === 'finished'))
  const [a, b] = await Promise.all(started.value.takes.map((id) => contents(t.take(id))))
  expect([a![0]!.frames, b![0]!.frames]).toEqual([Math.round(1.2345 * 48_000), Math.round(1.2345 * 44_100)])
  expect(t.take(started.value.takes[0]!).files).not.toEqual(t.take(started.value.takes[1]!).files)
})
