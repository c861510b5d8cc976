/** Sound pressure: by estimate, by calibrator, by hand; through real nodes, and kept for the microphone. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { CalibratorView, SplView } from '#contract/state.ts'
import type { Settings } from '#engine/settings.ts'
import { startNode } from '#producer/node.ts'
import { Closing } from '../support/closing.ts'
import { freePorts, openStation, until, type TestStation } from '../support/station.ts'

const closing = new Closing()
afterEach(() => closing.close())

/** RMS of a sine of -26.5 dBFS peak. */
const READ_DB = -26.5 + 10 * Math.log10(0.5)

const calibration = (serial: string): string =>
  `"Sens Factor =-0.837dB, AGain =18dB, SERNO: ${serial}"\r\n20\t-1\r\n200\t0\r\n1000\t0\r\n20000\t1\r\n`

async function node(source: string, id = 'attic', text?: string): Promise<string> {
  const port = await freePorts()
  const endpoint = `tcp://127.0.0.1:${port}`
  const own = text === undefined ? {} : { calibration: { file: 'mic.txt', text } }
  const started = await startNode({ source, endpoint, id, ...own })
  if (!started.ok) throw new Error(started.fault.message)
  closing.defer(() => started.value.stop())
  return `127.0.0.1:${port}`
}

async function station(options: Parameters<typeof openStation>[0] = {}): Promise<TestStation> {
  const t = await openStation(options)
  closing.defer(() => t.close())
  return t
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'farfield-spl-'))
  closing.defer(() => rm(made, { recursive: true, force: true }))
  return made
}

const spl = (t: TestStation, key: number): SplView | undefined => t.node(key).calibration.spl

/** Runs a check to its end. */
async function check(t: TestStation, key: number, level: 94 | 104 | 114 = 94): Promise<CalibratorView> {
  expect(await t.screen.call('calibrator.start', { node: key, level })).toEqual({ ok: true, value: null })
  await until(t.screen, () => ['done', 'failed'].includes(t.node(key).calibrator!.state))
  return t.node(key).calibrator!
}

test('a calibrator of 94 dB gives the offset to 0.05 dB, kept for the serial number and used again after a restart', async () => {
  const at = await folder()
  const address = await node('tone:sine:1000:-26.5', 'attic', calibration('7103946'))
  const first = await openStation({ folder: at, remember: true })
  const key = await first.connect(address)
  await until(first.screen, () => first.node(key).calibration.state === 'applied')
  // Until then it is what the file's Sens Factor is taken to mean.
  expect(spl(first, key)).toMatchObject({ provenance: 'estimate', estimate: true, convention: 'rew' })
  expect(spl(first, key)!.offsetDb).toBeCloseTo(124.837, 6)

  const { result, fault, state } = await check(first, key)
  expect({ fault, state }).toEqual({ fault: undefined, state: 'done' })
  expect(Math.abs(result!.readDb - READ_DB)).toBeLessThan(0.05)
  expect(Math.abs(result!.offsetDb - (94 - READ_DB))).toBeLessThan(0.05)
  expect(Math.abs(result!.hz - 1000)).toBeLessThan(1)
  expect(result!.beforeDb! - (READ_DB + 124.837)).toBeCloseTo(0, 1)
  expect(result!.warnings).toEqual([])
  // Nothing is in use before the person says so.
  expect(spl(first, key)!.provenance).toBe('estimate')
  expect(await first.screen.call('calibrator.use', { node: key })).toEqual({ ok: true, value: null })
  expect(first.node(key).calibrator).toBeUndefined()
  const used = spl(first, key)!
  expect(used).toMatchObject({ provenance: 'calibrator', estimate: false, calibrator: { level: 94 } })
  expect(used.offsetDb).toBe(result!.offsetDb)
  expect(Date.now() - used.measuredAt!).toBeLessThan(60_000)
  await first.close()

  const saved = JSON.parse(await readFile(join(at, 'settings.json'), 'utf8')) as Settings
  expect(saved.microphones).toEqual([{ microphone: 'serial:7103946', offset: expect.anything() }])

  // Another node with the same microphone, and another microphone at the same node.
  const again = await station({ folder: at, remember: true })
  const key2 = await again.connect(address)
  await until(again.screen, () => spl(again, key2)?.provenance === 'calibrator')
  expect(spl(again, key2)).toEqual(used)
  const moved = await again.connect(await node('tone:sine:1000:-20', 'cellar', calibration('7103946')))
  await until(again.screen, () => spl(again, moved)?.provenance === 'calibrator')
  expect(spl(again, moved)).toEqual(used)
  const text = calibration('7000001')
  await again.screen.call('calibration.load', { node: key2, file: 'other.txt', text })
  expect(spl(again, key2)).toMatchObject({ provenance: 'estimate' })
  await again.screen.call('calibration.clear', { node: key2 })
  expect(spl(again, key2)).toEqual(used)
  await again.screen.call('spl.clear', { node: key2 })
  expect(spl(again, key2)).toMatchObject({ provenance: 'estimate', convention: 'rew' })
})

test.each([
  [250, 104, 0],
  [997, 114, 0],
  [880, 94, 1],
] as const)('a tone of %i Hz at %i dB brings %i warnings', async (hz, level, warnings) => {
  const t = await station()
  const key = await t.connect(await node(`tone:sine:${hz}:-26.5`))
  expect(spl(t, key)).toBeUndefined()
  const { result } = await check(t, key, level)
  expect(Math.abs(result!.hz / hz - 1)).toBeLessThan(0.001)
  expect(Math.abs(result!.offsetDb - (level - READ_DB))).toBeLessThan(0.05)
  expect(result!.beforeDb).toBeUndefined()
  expect(result!.warnings).toHaveLength(warnings)
  if (warnings > 0) expect(result!.warnings[0]).toMatch(/^The tone is at 880\.0 Hz\. Calibrators give 1 kHz or 250 Hz/)
  await t.screen.call('calibrator.use', { node: key })
  expect(t.station.settings.value.microphones).toMatchObject([{ microphone: 'node:attic' }])
})

test.each([
  ['tone:sine:1000:0', 'The converter is at full scale.'],
  ['tone:silence', 'No tone is heard'],
  ['tone:pink:-20', 'No tone is 20 dB above everything else.'],
])('%s is no calibrator, and it is said why', async (source, trouble) => {
  const t = await station()
  const key = await t.connect(await node(source))
  await t.screen.call('calibrator.start', { node: key, level: 94 })
  await until(t.screen, () => t.node(key).calibrator?.trouble !== undefined)
  expect(t.node(key).calibrator).toMatchObject({ state: 'listening', steadySeconds: 0 })
  expect(t.node(key).calibrator!.trouble).toContain(trouble)
  expect(await t.screen.call('calibrator.use', { node: key })).toMatchObject({
    ok: false,
    fault: { code: 'not-found' },
  })
  await t.screen.call('calibrator.cancel', { node: key })
  expect(t.node(key).calibrator).toBeUndefined()
  expect(spl(t, key)).toBeUndefined()
})

test('conventions can be chosen, an offset typed, and both are refused where they make no sense', async () => {
  const t = await station()
  const key = await t.connect(await node('tone:sine:1000:-26.5', 'attic', calibration('8108494')))
  await until(t.screen, () => t.node(key).calibration.state === 'applied')
  expect(spl(t, key)).toMatchObject({ convention: 'direct', estimate: true })
  expect(spl(t, key)!.offsetDb).toBeCloseTo(94.837, 6)
  expect(t.node(key).calibration.estimates!.map((e) => [e.convention, e.fits])).toEqual([
    ['rew', false],
    ['nominal', false],
    ['direct', true],
  ])
  await t.screen.call('spl.convention', { node: key, convention: 'nominal' })
  expect(spl(t, key)!.offsetDb).toBeCloseTo(112.837, 6)
  await t.screen.call('spl.convention', { node: key, convention: 'none' })
  expect(spl(t, key)).toBeUndefined()
  expect(await t.screen.call('spl.convention', { node: key, convention: 'mine' })).toMatchObject({
    ok: false,
    fault: { code: 'bad-argument' },
  })
  await t.screen.call('spl.offset', { node: key, db: 120.5 })
  expect(spl(t, key)).toMatchObject({ offsetDb: 120.5, provenance: 'typed', estimate: false })
  // What was typed goes before a convention.
  await t.screen.call('spl.convention', { node: key, convention: 'rew' })
  expect(spl(t, key)!.offsetDb).toBe(120.5)
  for (const args of [{ db: 251 }, { db: Number.NaN }, { db: '120' }, {}])
    expect(await t.screen.call('spl.offset', { node: key, ...args } as never)).toMatchObject({ ok: false })
  for (const level of [93, '94', undefined])
    expect(await t.screen.call('calibrator.start', { node: key, level } as never)).toMatchObject({ ok: false })
  await t.screen.call('node.disconnect', { node: key })
  expect(await t.screen.call('calibrator.start', { node: key, level: 94 })).toMatchObject({
    ok: false,
    fault: { code: 'not-connected' },
  })
})
