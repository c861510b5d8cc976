/** What a take brings back: sound from before the click, sound that an outage swallowed, in one file or in many. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { checkCount } from '#producer/sources/tone/count.ts'
import type { CommandArgs } from '#contract/commands.ts'
import type { TakeView } from '#contract/state.ts'
import { readWavHead } from '#shared/wav.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { openStation, until, type TestStation } from '../support/station.ts'
import { startTcpLink, type TcpLink } from '../support/tcp-link.ts'

const run = promisify(execFile)

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const FORMAT = { format: 's32', channels: 2, rate: 48_000 } as const

async function node(...args: string[]): Promise<{ url: string; link: TcpLink }> {
  const started = await startNodeProcess(['--source', 'tone:count', '--name', 'attic', ...args])
  closing.push(() => started.stop())
  const link = await startTcpLink(started.port)
  closing.push(() => link.close())
  return { url: link.url, link }
}

async function station(options?: Parameters<typeof openStation>[0]): Promise<TestStation> {
  const t = await openStation(options)
  closing.push(() => t.close())
  return t
}

async function start(t: TestStation, args: CommandArgs<'record.start'>): Promise<readonly string[]> {
  const started = await t.screen.call('record.start', args)
  if (!started.ok) throw new Error(started.fault.message)
  return started.value.takes
}

/** The samples of each file. */
async function filesOf(take: TakeView): Promise<Buffer[]> {
  return Promise.all(
    take.files.map(async (name) => {
      const bytes = await readFile(join(take.folder, name))
      const head = readWavHead(bytes)
      if (!head.ok) throw new Error(head.fault.message)
      return bytes.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!)
    }),
  )
}

/** Every frame is the one that follows the frame before it. Returns the position of the first. */
function expectWhole(samples: Buffer): number {
  const first = samples.readUInt32LE(0)
  expect(checkCount(samples, FORMAT, BigInt(first))).toEqual({ wrong: 0 })
  return first
}

test('the sound before the click comes from the ring of the node, to the frame', async () => {
  const one = await node()
  const t = await station()
  const key = await t.connect(one.url)
  await until(t.screen, () => t.node(key).link.frames > 2.2 * 48_000)
  const heard = t.node(key).link.frames
  const [take] = await start(t, { nodes: [key], preRoll: 1.5, seconds: 1 })
  await until(t.screen, () => t.take(take!).state === 'finished')
  const view = t.take(take!)
  expect(view).toMatchObject({
    frames: 2.5 * 48_000,
    preRollSeconds: 1.5,
    gaps: 0,
    missingFrames: 0,
    repairedFrames: 0,
  })
  const [samples] = await filesOf(view)
  expect(samples!.length).toBe(2.5 * 48_000 * 8)
  // The connection began somewhere in the stream, so that only a lower bound is known from here.
  expect(expectWhole(samples!)).toBeGreaterThan(heard - 1.5 * 48_000 - 48_000)
})

test('a pre-roll longer than the ring, or than the stream, begins with what there is', async () => {
  const one = await node('--ring', '1s')
  const t = await station()
  const key = await t.connect(one.url)
  await until(t.screen, () => t.node(key).link.frames > 1.5 * 48_000)
  const [take] = await start(t, { nodes: [key], preRoll: 30, seconds: 0.5 })
  await until(t.screen, () => t.take(take!).state === 'finished')
  const [samples] = await filesOf(t.take(take!))
  expect(t.take(take!).preRollSeconds).toBeGreaterThan(0.5)
  expect(t.take(take!).preRollSeconds).toBeLessThan(2.5)
  expect(samples!.length / 8).toBe(t.take(take!).frames)
})

test('split by length: each seam is between two samples, and none is lost or doubled', async () => {
  const one = await node()
  const t = await station()
  const key = await t.connect(one.url)
  const [take] = await start(t, { nodes: [key], split: { seconds: 1 }, seconds: 3.3 })
  await until(t.screen, () => t.take(take!).state === 'finished')
  const files = await filesOf(t.take(take!))
  expect(files.map((f) => f.length / 8)).toEqual([48_000, 48_000, 48_000, 14_400])
  expectWhole(Buffer.concat(files))
})

test('split by size: no file is larger than that', async () => {
  const one = await node()
  const t = await station()
  const key = await t.connect(one.url)
  const [take] = await start(t, { nodes: [key], split: { bytes: 1e6 }, seconds: 6 })
  await until(t.screen, () => t.take(take!).state === 'finished')
  const { files, folder } = t.take(take!)
  expect(files).toHaveLength(3)
  const sizes = await Promise.all(files.map(async (name) => (await readFile(join(folder, name))).length))
  expect(Math.max(...sizes)).toBeLessThanOrEqual(1e6)
  expect(sizes[0]).toBeGreaterThan(990_000)
  expectWhole(Buffer.concat(await filesOf(t.take(take!))))
})

test('an outage in a take of two nodes leaves both files as their sources', async () => {
  const both = [await node(), await node()]
  const t = await station()
  const keys = [await t.connect(both[0]!.url), await t.connect(both[1]!.url)]
  const takes = await start(t, { nodes: keys, split: { seconds: 2 } })
  await until(t.screen, () => takes.every((id) => t.take(id).seconds > 1))
  for (const { link } of both) link.cut()
  await until(t.screen, () => keys.every((key) => t.node(key).presence === 'lost'), 6000)
  for (const { link } of both) link.heal()
  await until(t.screen, () =>
    takes.every((id) => t.take(id).repairedFrames > 2 * 48_000 && t.take(id).pendingFrames === 0),
  )
  await t.screen.call('record.stop', { takes })
  const views = takes.map((id) => t.take(id))
  for (const view of views) {
    expect(view).toMatchObject({ state: 'finished', missingFrames: 0, gaps: 1 })
    const samples = Buffer.concat(await filesOf(view))
    expect(samples.length / 8).toBe(view.frames)
    expectWhole(samples)
  }
  // One click began and one ended both: computers that agree to within a millisecond.
  expect(Math.abs(views[0]!.frames - views[1]!.frames)).toBeLessThan(480)
  expect(views[0]!.group).toBe(views[1]!.group)
}, 40_000)

/** A take of one node whose link was cut half a second into it. */
async function cutOff(): Promise<{ t: TestStation; key: number; link: TcpLink; take: string }> {
  const { url, link } = await node()
  const t = await station()
  const key = await t.connect(url)
  const [take] = await start(t, { nodes: [key] })
  await until(t.screen, () => t.take(take!).seconds > 0.5)
  link.cut()
  return { t, key, link, take: take! }
}

test('a stop in an outage waits for what is missing, and says how much that is', async () => {
  const { t, key, link, take } = await cutOff()
  await until(t.screen, () => t.node(key).presence === 'stalled' || t.node(key).presence === 'lost', 6000)
  const stopped = t.screen.call('record.stop', { takes: [take] })
  await until(t.screen, () => t.take(take).state === 'repairing')
  expect(t.take(take).finishesAt).toBeGreaterThan(Date.now() + 60_000)
  link.heal()
  await stopped
  const view = t.take(take)
  expect(view).toMatchObject({ state: 'finished', missingFrames: 0, pendingFrames: 0 })
  const [samples] = await filesOf(view)
  expectWhole(samples!)
  expect(samples!.length / 8).toBe(view.frames)
  expect(view.seconds).toBeGreaterThan(1.4)
}, 30_000)

test('finished now, in an outage: what there is', async () => {
  const { t, key, take } = await cutOff()
  await until(t.screen, () => t.node(key).presence !== 'live', 6000)
  await t.screen.call('record.finish', { takes: [take] })
  expect(t.take(take).state).toBe('finished')
  const [samples] = await filesOf(t.take(take))
  expectWhole(samples!)
})

test('markers are where they were set, for other programs too', async () => {
  const one = await node()
  const t = await station()
  const key = await t.connect(one.url)
  expect(await t.screen.call('record.mark', { takes: [], label: 'nothing runs' })).toMatchObject({
    ok: false,
    fault: { code: 'not-found' },
  })
  const [take] = await start(t, { nodes: [key] })
  await until(t.screen, () => t.take(take!).seconds > 0.5)
  await t.screen.call('record.mark', { takes: [], label: 'Tür auf' })
  await until(t.screen, () => t.take(take!).seconds > 1)
  await t.screen.call('record.mark', { takes: [take!], label: '' })
  await t.screen.call('record.stop', { takes: [] })
  const { markers, folder, files } = t.take(take!)
  expect(markers.map((m) => m.label)).toEqual(['Tür auf', ''])
  expect(markers[0]!.atSeconds).toBeGreaterThan(0.5)
  expect(markers[1]!.atSeconds).toBeGreaterThan(markers[0]!.atSeconds)
  const { stdout } = await run('sndfile-info', [join(folder, files[0]!)])
  const frames = [...stdout.matchAll(/Cue ID .* Offset : (\d+)/g)].map((m) => Number(m[1]))
  expect(frames).toEqual(markers.map((m) => Math.round(m.atSeconds * 48_000)))
})
