/** A take outlives the program that records it. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkCount } from '#producer/sources/tone/count.ts'
import { readWavHead } from '#shared/wav.ts'
import { CliProcess, jsonLines } from '../support/cli.ts'
import { readCountFile } from '../support/count-file.ts'
import { freePortPair, startNodeProcess, type NodeProcess } from '../support/node-process.ts'
import { openRemote } from '../support/remote.ts'
import { openStation, until } from '../support/station.ts'
import { startTcpLink } from '../support/tcp-link.ts'

const closing: (() => unknown)[] = []
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'farfield-resume-'))
  closing.push(() => rm(folder, { recursive: true, force: true }))
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const FORMAT = { format: 's32', channels: 2, rate: 48_000 } as const

async function node(port?: number): Promise<NodeProcess> {
  const args = ['--source', 'tone:count', '--name', 'attic']
  const started = await startNodeProcess(args, port === undefined ? {} : { port })
  closing.push(() => started.stop())
  return started
}

const record = (url: string, ...more: string[]): CliProcess => {
  const started = new CliProcess(['record', url, '--out', folder, '--json', ...more])
  closing.push(() => started.stop('SIGKILL'))
  return started
}

async function wavs(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.wav')).sort()
}

async function soundOf(name: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, name))
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  return bytes.subarray(head.value.dataOffset, head.value.dataOffset + (head.value.dataBytes ?? bytes.length))
}

function expectWhole(samples: Buffer): void {
  expect(checkCount(samples, FORMAT, BigInt(samples.readUInt32LE(0)))).toEqual({ wrong: 0 })
}

/** Waits until its progress tells of more than `seconds`. */
async function recorded(process: CliProcess, seconds: number): Promise<Record<string, unknown>> {
  for (let n = 1; ; n++) {
    const progress = jsonLines(process.stdout.slice(0, process.stdout.lastIndexOf('\n') + 1)).at(-1)
    if (progress && (progress['seconds'] as number) > seconds) return progress
    await new Promise((resolve) => process.child.stdout!.once('data', resolve))
  }
}

test('kill -9 of the recorder, and a start within the ring: the same file goes on, nothing is lost', async () => {
  const { url } = await node()
  const first = record(url)
  const before = await recorded(first, 1.5)
  await first.stop('SIGKILL')
  const part = (await readdir(folder)).find((name) => name.endsWith('.wav.part'))
  expect((before['files'] as string[])[0]).toBe(part!.replace('.part', ''))
  const second = record(url)
  await recorded(second, 4)
  const ended = await second.stop('SIGINT')
  expect(ended.code).toBe(0)
  const take = jsonLines(ended.stdout).at(-1)!
  expect(take).toMatchObject({
    state: 'finished',
    missingFrames: 0,
    pendingFrames: 0,
    resumed: 1,
    files: before['files'],
  })
  expect(take['repairedFrames']).toBeGreaterThan(0)
  expect(await wavs()).toEqual(before['files'])
  const samples = await soundOf(part!.replace('.part', ''))
  expectWhole(samples)
  expect(samples.length / 8).toBe(take['frames'])
  // No journal, no claim, no `.part` stays.
  expect((await readdir(folder)).filter((name) => !/\.wav(\.json)?$/.test(name))).toEqual([])
}, 30_000)

test('the node is another one by then: the first file ends, and the take goes on in a second', async () => {
  const port = await freePortPair()
  const one = await node(port)
  const first = record(one.url)
  await recorded(first, 1.5)
  await first.stop('SIGKILL')
  await one.stop('SIGKILL')
  const two = await node(port)
  const second = record(two.url)
  await recorded(second, 3)
  const ended = await second.stop('SIGINT')
  const take = jsonLines(ended.stdout).at(-1)!
  expect(take).toMatchObject({ resumed: 1, state: 'finished' })
  const names = await wavs()
  expect(names).toHaveLength(2)
  for (const name of names) expectWhole(await soundOf(name))
}, 30_000)

test('--no-resume begins anew, and what was left stays', async () => {
  const { url } = await node()
  const first = record(url)
  await recorded(first, 1.5)
  await first.stop('SIGKILL')
  const second = record(url, '--no-resume', '--duration', '0.5')
  const ended = await second.ended
  expect(ended.code).toBe(0)
  expect(await wavs()).toHaveLength(1)
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toHaveLength(1)
}, 30_000)

test('a living owner is never robbed', async () => {
  const { url } = await node()
  const first = record(url)
  await recorded(first, 1)
  const second = record(url, '--duration', '0.5')
  expect((await second.ended).code).toBe(0)
  expect((await wavs()).length).toBe(1)
  const ended = await first.stop('SIGINT')
  expect(jsonLines(ended.stdout).at(-1)).toMatchObject({ resumed: 0, missingFrames: 0, state: 'finished' })
  expect(await wavs()).toHaveLength(2)
}, 30_000)

test('the workstation goes in an outage with a take that waits: the next start goes on with it', async () => {
  const started = await node()
  const link = await startTcpLink(started.port)
  closing.push(() => link.close())
  const t = await openStation({ remember: true, folder })
  const key = await t.connect(link.url)
  const begun = await t.screen.call('record.start', { nodes: [key] })
  if (!begun.ok) throw new Error(begun.fault.message)
  const [take] = begun.value.takes
  await until(t.screen, () => t.take(take!).seconds > 1)
  link.cut()
  await until(t.screen, () => t.node(key).presence !== 'live', 6000)
  void t.screen.call('record.stop', { takes: [] })
  await until(t.screen, () => t.take(take!).state === 'repairing')
  await t.close()
  const again = await openStation({ remember: true, folder })
  closing.push(() => again.close())
  await until(again.screen, () => again.take(take!)?.state === 'repairing')
  expect(again.take(take!)).toMatchObject({ resumed: 1 })
  link.heal()
  await until(again.screen, () => again.take(take!).state === 'finished')
  const view = again.take(take!)
  expect(view).toMatchObject({ missingFrames: 0, pendingFrames: 0 })
  const bytes = await readFile(join(view.folder, view.files[0]!))
  const head = readWavHead(bytes)
  if (!head.ok) throw new Error(head.fault.message)
  const samples = bytes.subarray(head.value.dataOffset, head.value.dataOffset + head.value.dataBytes!)
  expectWhole(samples)
  expect(samples.length / 8).toBe(view.frames)
}, 40_000)

test('kill -9 of the workstation in a take, twice, and its starts: the take goes on by itself, the same, to the end', async () => {
  const { url } = await node()
  const data = join(folder, 'data')
  const first = await openRemote({ folder: data })
  closing.push(() => first.served.kill())
  const take = await first.record(await first.connect(url))
  await until(first.screen, () => first.take(take).seconds > 1.3)
  const [name] = first.take(take).files
  await first.served.kill()
  // Whatever was not made safe in the last second, the file opens and holds the rest.
  const part = await readCountFile(join(data, 'recordings', `${name}.part`))
  expect(part.frames).toBeGreaterThan(0.3 * 48_000)
  const second = await openRemote({ folder: data })
  closing.push(() => second.served.kill())
  await until(second.screen, () => (second.take(take)?.seconds ?? 0) > 4)
  await second.served.kill()
  const third = await openRemote({ folder: data })
  closing.push(() => third.served.stop())
  await until(third.screen, () => (third.take(take)?.seconds ?? 0) > 7)
  expect(third.take(take)).toMatchObject({ state: 'recording', resumed: 2, files: [name] })
  await third.screen.call('record.stop', { takes: [] })
  const view = third.take(take)
  expect(view).toMatchObject({ state: 'finished', missingFrames: 0, verdict: { whole: true } })
  const file = await readCountFile(join(view.folder, name!))
  expect(file.wrong).toEqual([])
  expect(file.frames).toBe(view.frames)
}, 60_000)
