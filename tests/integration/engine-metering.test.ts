/** What a person asks of the meters of a real node: stand still, and measure otherwise. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { slotAt } from '#meters/meter.ts'
import { METERS, meterIndex } from '#meters/registry.ts'
import { Closing } from '../support/closing.ts'
import { startNodeProcess } from '../support/node-process.ts'
import { openStation, type TestStation } from '../support/station.ts'

const SHAPE = { rate: 48_000, channels: 2 }
const closing = new Closing()
afterEach(() => closing.close())

async function sine(): Promise<string> {
  const node = await startNodeProcess(['--source', 'tone:sine:1000:-20', '--name', 'Sine', '--id', 'sine'])
  closing.defer(async () => void (await node.stop()))
  return node.url
}

async function open(folder?: string): Promise<TestStation> {
  const station = await openStation(folder === undefined ? {} : { folder, remember: true })
  closing.defer(() => station.close())
  return station
}

/** The first reading of a meter that satisfies `holds`; `at` is where a slot begins. */
function reading(
  t: TestStation,
  key: number,
  meter: string,
  holds: (values: Float32Array, at: (slot: string) => number) => boolean,
): Promise<Float32Array> {
  const place = meterIndex(meter)
  const layout = METERS[place]!.layout(SHAPE)
  const at = (slot: string): number => slotAt(layout, slot).at
  return new Promise((resolve) => {
    const frames = t.screen.onFrame((frame) => {
      const values = frame.nodes.find((n) => n.key === key)?.readings[place]
      if (!values || !holds(values, at)) return
      void frames.dispose()
      resolve(values.slice())
    })
  })
}

const at = (meter: string, slot: string): number => slotAt(METERS[meterIndex(meter)]!.layout(SHAPE), slot).at

test('a pause stops the totals of every meter and lets them go on, also over a new stream', async () => {
  const url = await sine()
  const t = await open()
  const key = await t.connect(url)
  const heard = at('loudness', 'heard')
  await reading(t, key, 'loudness', (r) => r[heard]! > 0.5)
  expect(t.node(key).paused).toBe(false)
  expect(await t.screen.call('meters.pause', { node: key, paused: true })).toEqual({ ok: true, value: null })
  expect(t.node(key).paused).toBe(true)
  // Frames on their way may be from before.
  let last = NaN
  const stopped = await reading(t, key, 'loudness', (r) => {
    const same = r[heard] === last
    last = r[heard]!
    return same
  })
  const level = await reading(t, key, 'sound-level', () => true)
  let frames = 0
  const later = await reading(t, key, 'loudness', () => ++frames >= 20)
  expect(later[heard]).toBe(stopped[heard])
  expect(later[at('loudness', 'integrated')]).toBe(stopped[at('loudness', 'integrated')])
  expect(later[at('loudness', 'momentary')]).toBeCloseTo(-20, 1)
  const still = await reading(t, key, 'sound-level', () => true)
  expect(still[at('sound-level', 'heard')]).toBe(level[at('sound-level', 'heard')])

  // Connected anew its worker begins anew, and is told again.
  await t.screen.call('node.disconnect', { node: key })
  await t.connect(url)
  const fresh = await reading(t, key, 'loudness', (r) => r[0]! > -21)
  expect(fresh[heard]).toBe(0)
  await t.screen.call('meters.pause', { node: key, paused: false })
  await reading(t, key, 'loudness', (r) => r[heard]! > 0.2)
  expect(await t.screen.call('meters.pause', { node: 99, paused: true })).toMatchObject({
    fault: { code: 'not-found' },
  })
})

test('a reset is of every meter of a node, or of one', async () => {
  const t = await open(undefined)
  const key = await t.connect(await sine())
  const loudness = at('loudness', 'heard')
  const level = at('sound-level', 'heard')
  await reading(t, key, 'sound-level', (r) => r[level]! > 0.8)
  const before = (await reading(t, key, 'loudness', (r) => r[loudness]! > 0.8))[loudness]!
  const reset = { node: key, meter: 'sound-level' }
  expect(await t.screen.call('meters.reset', reset)).toEqual({ ok: true, value: null })
  await reading(t, key, 'sound-level', (r) => r[level]! < 0.5)
  await reading(t, key, 'loudness', (r) => r[loudness]! > before)
  expect((await reading(t, key, 'loudness', () => true))[loudness]).toBeGreaterThan(before)
  await t.screen.call('meters.reset', { node: key })
  await reading(t, key, 'loudness', (r) => r[loudness]! < 0.5)
  expect(await t.screen.call('meters.reset', { node: key, meter: 'none' })).toMatchObject({
    fault: { code: 'bad-argument', message: 'There is no meter "none".' },
  })
})

test('what is chosen about the spectrum is in force at once, and after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'farfield-metering-'))
  closing.defer(() => rm(folder, { recursive: true, force: true }))
  const url = await sine()
  const first = await openStation({ folder, remember: true })
  let key = await first.connect(url)
  const bandwidth = at('spectrum', 'bandwidth')
  first.screen.watch([{ node: key, meters: ['spectrum'] }])
  await reading(first, key, 'spectrum', (r) => Math.abs(r[bandwidth]! - (1.5 * 48_000) / 4096) < 0.01)
  const settings = { size: 16_384, window: 'flat-top' }
  expect(await first.screen.call('meters.choose', { node: key, meter: 'spectrum', settings })).toEqual({
    ok: true,
    value: null,
  })
  expect(first.node(key).choices['spectrum']).toMatchObject({ ...settings, overlap: 50 })
  await reading(first, key, 'spectrum', (r) => Math.abs(r[bandwidth]! - (3.77 * 48_000) / 16_384) < 0.05)
  const tone = await reading(first, key, 'spectrum', (r) => Math.max(...r.subarray(0, 480)) > -21)
  expect(Math.max(...tone.subarray(0, 480))).toBeCloseTo(-20, 1)
  const refused = await first.screen.call('meters.choose', { node: key, meter: 'spectrum', settings: { size: 1000 } })
  expect(refused).toMatchObject({ ok: false, fault: { code: 'bad-argument' } })
  await first.close()

  // A value that a later version no longer offers is dropped, the rest stays.
  const path = join(folder, 'settings.json')
  const kept = JSON.parse(await readFile(path, 'utf8')) as { nodes: { choices: { spectrum: object } }[] }
  expect(kept.nodes[0]!.choices.spectrum).toEqual(settings)
  kept.nodes[0]!.choices.spectrum = { ...settings, overlap: 33 }
  await writeFile(path, JSON.stringify(kept))
  const second = await open(folder)
  key = await second.connect(url)
  expect(second.node(key).choices['spectrum']).toMatchObject({ ...settings, overlap: 50 })
  second.screen.watch([{ node: key, meters: ['spectrum'] }])
  await reading(second, key, 'spectrum', (r) => Math.abs(r[bandwidth]! - (3.77 * 48_000) / 16_384) < 0.05)
})
